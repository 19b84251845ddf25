package io.sitestream.platform.kafka;

import java.util.List;

import io.sitestream.platform.ModuleSelection;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * What the configuration says about a function.
 */
@Component
class FunctionSettings {

	private final ModuleSelection selection;

	private final Environment environment;

	FunctionSettings(ModuleSelection selection, Environment environment) {
		this.selection = selection;
		this.environment = environment;
	}

	/**
	 * The module that a function belongs to.
	 * @param function the function's name
	 * @return the module's name, or {@code platform} for a function that no binding file
	 * names
	 */
	String module(String function) {
		return this.selection.functions().getOrDefault(function, "platform");
	}

	/**
	 * Whether a function is to run here, and not left out by the definition.
	 * @param function the function's name
	 * @return whether the definition names it
	 */
	boolean isDefined(String function) {
		String definition = this.environment.getProperty("spring.cloud.function.definition", "");
		return List.of(definition.split("[;,|]")).contains(function);
	}

	/**
	 * Whether a function reads as a member of a group.
	 * @param function the function's name
	 * @param group the full name of the group
	 * @return whether that is its group
	 */
	boolean isGroup(String function, String group) {
		return group
			.equals(this.environment.getProperty("spring.cloud.stream.bindings.%s-in-0.group".formatted(function)));
	}

	boolean isGrouped(String function) {
		return !group(function).isEmpty();
	}

	/**
	 * The group of a function as Kafka knows it.
	 * @param function the function's name
	 * @return the group with its prefix, or an empty text
	 */
	String groupId(String function) {
		return this.environment.getProperty("spring.cloud.stream.bindings.%s-in-0.group".formatted(function), "");
	}

	/**
	 * The group of a function.
	 * @param function the function's name
	 * @return the group without prefix, or an empty text if every instance reads for
	 * itself
	 */
	String group(String function) {
		String group = groupId(function);
		String prefix = this.environment.getProperty("sitestream.topics.prefix", "");
		return group.startsWith(prefix) ? group.substring(prefix.length()) : group;
	}

}
