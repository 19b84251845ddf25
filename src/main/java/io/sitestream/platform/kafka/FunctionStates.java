package io.sitestream.platform.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.sitestream.platform.Serving;

import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.util.function.SingletonSupplier;

/**
 * What the functions of this process are doing, for health and metrics.
 */
final class FunctionStates {

	private final Supplier<Map<String, BatchFunction>> functions;

	private final FunctionContainers containers;

	private final CalledFunctions calls;

	private final Serving serving;

	FunctionStates(FunctionBeans functions, FunctionSettings settings, FunctionContainers containers,
			CalledFunctions calls, Serving serving) {
		this.functions = SingletonSupplier.of(() -> {
			Map<String, BatchFunction> here = new LinkedHashMap<>(functions.all());
			here.keySet().removeIf((name) -> !serving.isCalled() && !settings.isDefined(name));
			return here;
		});
		this.containers = containers;
		this.calls = calls;
		this.serving = serving;
	}

	Map<String, BatchFunction> functions() {
		return this.functions.get();
	}

	boolean areCalled() {
		return this.serving.isCalled();
	}

	FunctionState of(String name) {
		if (areCalled()) {
			return (this.calls.failure(name) != null) ? FunctionState.FAILING : FunctionState.CALLED;
		}
		AbstractMessageListenerContainer<?, ?> container = this.containers.of(name);
		if (container == null) {
			return FunctionState.UNBOUND;
		}
		if (!container.isRunning()) {
			return FunctionState.STOPPED;
		}
		// a redelivery pauses children only
		if (container.isPauseRequested()) {
			return FunctionState.PAUSED;
		}
		return functions().get(name).progress().retry().isPresent() ? FunctionState.RETRYING : FunctionState.RUNNING;
	}

}
