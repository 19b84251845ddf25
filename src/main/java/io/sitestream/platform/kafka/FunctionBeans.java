package io.sitestream.platform.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.stereotype.Component;

/**
 * The functions of this process, found among the beans.
 */
@Component
class FunctionBeans {

	/** What a function's name is followed by in the name of its input binding. */
	static final String INPUT = "-in-0";

	private final ListableBeanFactory beans;

	FunctionBeans(ListableBeanFactory beans) {
		this.beans = beans;
	}

	Map<String, BatchFunction> all() {
		Map<String, BatchFunction> functions = new LinkedHashMap<>();
		this.beans.getBeansOfType(Consumer.class, false, true).forEach((name, bean) -> {
			if (bean instanceof BatchFunction function) {
				functions.put(name, function);
			}
		});
		return functions;
	}

	/**
	 * The function that an input binding belongs to.
	 * @param binding the binding's name, as {@code projectInstalledApps-in-0}
	 * @return the function, if it is one of the edge's
	 */
	Optional<BatchFunction> ofBinding(String binding) {
		if (!binding.endsWith(INPUT)) {
			return Optional.empty();
		}
		String name = binding.substring(0, binding.length() - INPUT.length());
		return (this.beans.containsBean(name) && this.beans.getBean(name) instanceof BatchFunction function)
				? Optional.of(function) : Optional.empty();
	}

}
