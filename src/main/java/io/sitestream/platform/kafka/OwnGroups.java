package io.sitestream.platform.kafka;

import java.util.UUID;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.stream.config.BindingProperties;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.util.StringUtils;

/**
 * Gives each function without a group one of its own in this process, named as the binder
 * would name it. A binding whose group the binder has named can be stopped but never
 * started again: it takes the group for gone. Configuration and contract go on saying
 * that such a function has no group, since nobody shares this one.
 */
final class OwnGroups implements SmartInitializingSingleton {

	/** What the binder's own names begin with, too, and so the rights on them. */
	private static final String PREFIX = "anonymous.";

	private final FunctionBeans functions;

	private final BindingServiceProperties bindings;

	OwnGroups(FunctionBeans functions, BindingServiceProperties bindings) {
		this.functions = functions;
		this.bindings = bindings;
	}

	/**
	 * Whether a group belongs to one process alone.
	 * @param group the group's full name
	 * @return whether it was named here, or by the binder
	 */
	static boolean isOwn(String group) {
		return group.startsWith(PREFIX);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.functions.all().keySet().forEach((function) -> {
			BindingProperties binding = this.bindings.getBindings().get(function + FunctionBeans.INPUT);
			if (binding != null && !StringUtils.hasText(binding.getGroup())) {
				binding.setGroup(PREFIX + UUID.randomUUID());
			}
		});
	}

}
