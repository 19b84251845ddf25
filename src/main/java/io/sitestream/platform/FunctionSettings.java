package io.sitestream.platform;

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

	boolean isGrouped(String function) {
		return this.environment.containsProperty("spring.cloud.stream.bindings.%s-in-0.group".formatted(function));
	}

}
