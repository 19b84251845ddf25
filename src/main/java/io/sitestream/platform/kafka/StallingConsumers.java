package io.sitestream.platform.kafka;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import org.springframework.cloud.stream.binder.kafka.config.ClientFactoryCustomizer;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Lets the consumers of functions poll no further than the records at which their
 * partitions are stalled. A container commits what it was given, and its interceptors cut
 * a batch only where there is a transaction; so this is done below the container.
 */
final class StallingConsumers implements ClientFactoryCustomizer {

	private final FunctionBeans functions;

	private final FunctionSettings settings;

	private final Supplier<FunctionContainers> containers;

	StallingConsumers(FunctionBeans functions, FunctionSettings settings, Supplier<FunctionContainers> containers) {
		this.functions = functions;
		this.settings = settings;
		this.containers = containers;
	}

	@Override
	public void configure(ConsumerFactory<?, ?> consumers) {
		Object group = consumers.getConfigurationProperties().get(ConsumerConfig.GROUP_ID_CONFIG);
		this.functions.all()
			.values()
			.stream()
			.filter((function) -> this.settings.isGroup(function.name(), String.valueOf(group)))
			.findFirst()
			.ifPresent((function) -> stalling(consumers, function.stalls(),
					(partition) -> this.containers.get().isHeld(function.name(), partition)));
	}

	private static <K, V> void stalling(ConsumerFactory<K, V> consumers, StalledPartitions stalls,
			Predicate<TopicPartition> isHeld) {
		consumers.addPostProcessor((consumer) -> stalling(consumer, stalls, isHeld));
	}

	@SuppressWarnings("unchecked")
	private static <K, V> Consumer<K, V> stalling(Consumer<K, V> consumer, StalledPartitions stalls,
			Predicate<TopicPartition> isHeld) {
		return (Consumer<K, V>) Proxy.newProxyInstance(StallingConsumers.class.getClassLoader(),
				new Class<?>[] { Consumer.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "equals" -> proxy == arguments[0];
					case "poll" -> {
						stalls.resumeDue(consumer, isHeld);
						yield stalls.admit((ConsumerRecords<K, V>) call(method, consumer, arguments), consumer);
					}
					default -> call(method, consumer, arguments);
				});
	}

	private static Object call(Method method, Consumer<?, ?> consumer, Object[] arguments) throws Throwable {
		try {
			return method.invoke(consumer, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
