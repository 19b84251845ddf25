package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.sitestream.platform.FunctionCalls;
import io.sitestream.platform.FunctionFailedException;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.platform.Serving;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.function.SingletonSupplier;

/**
 * Calls the functions of this process with records of others. A process whose functions
 * are called has none that may not be.
 */
final class CalledFunctions implements FunctionCalls, SmartInitializingSingleton {

	private static final Logger log = LoggerFactory.getLogger(CalledFunctions.class);

	private final Supplier<Map<String, BatchFunction>> functions;

	private final FunctionSettings settings;

	private final FunctionMetrics metrics;

	private final TopicNames names;

	private final Serving serving;

	private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

	CalledFunctions(FunctionBeans functions, FunctionSettings settings, FunctionMetrics metrics, TopicNames names,
			Serving serving) {
		this.functions = SingletonSupplier.of(functions::all);
		this.settings = settings;
		this.metrics = metrics;
		this.names = names;
		this.serving = serving;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<String, String> refused = refused();
		if (this.serving.isCalled() && !refused.isEmpty()) {
			throw new RefusedStartException(
					"%s is '%s', but not every function of this process may be called: %s. Leave out what may not, with sitestream.functions=%s, and run it where %s is '%s'."
						.formatted(Serving.PROPERTY, this.serving, sentence(refused),
								refused.keySet().stream().map((name) -> "-" + name).collect(Collectors.joining(",")),
								Serving.PROPERTY, Serving.KAFKA));
		}
	}

	@Override
	public Map<String, Set<String>> callable() {
		Map<String, Set<String>> callable = new TreeMap<>();
		this.functions.get().forEach((name, function) -> {
			if (refusal(name, function.declaration()).isEmpty()) {
				callable.put(name, topics(function.declaration()));
			}
		});
		return callable;
	}

	@Override
	public Map<String, String> refused() {
		Map<String, String> refused = new TreeMap<>();
		this.functions.get()
			.forEach((name, function) -> refusal(name, function.declaration())
				.ifPresent((reason) -> refused.put(name, reason)));
		return refused;
	}

	@Override
	public void call(String name, List<RawRecord> records) {
		BatchFunction function = find(name, records);
		try {
			function.again(records);
		}
		catch (RuntimeException ex) {
			Throwable before = this.failures.put(name, ex);
			if (before == null || !before.toString().equals(ex.toString())) {
				log.warn("{} failed and is to be called again with the same {} records.", name, records.size(), ex);
			}
			this.metrics.failed(name);
			throw new FunctionFailedException(name, ex);
		}
		if (this.failures.remove(name) != null) {
			log.info("{} goes on.", name);
		}
	}

	/**
	 * Why the last call of a function failed.
	 * @param name the function's name
	 * @return the cause, or {@code null} when it did not
	 */
	@Nullable Throwable failure(String name) {
		return this.failures.get(name);
	}

	private BatchFunction find(String name, List<RawRecord> records) {
		BatchFunction function = this.functions.get().get(name);
		if (function == null) {
			throw new IllegalArgumentException(
					"No function '%s' here. Known are: %s.".formatted(name, this.functions.get().keySet()));
		}
		refusal(name, function.declaration()).ifPresent((reason) -> {
			throw new IllegalArgumentException("%s may not be called: %s.".formatted(name, reason));
		});
		Set<String> topics = topics(function.declaration());
		records.stream()
			.map((record) -> record.position())
			.filter((position) -> !topics.contains(position.topic()))
			.findFirst()
			.ifPresent((position) -> {
				throw new IllegalArgumentException(
						"Record at %s, but %s takes those of %s.".formatted(position, name, topics));
			});
		return function;
	}

	private Set<String> topics(BatchFunction.Declaration declaration) {
		return declaration.inputs().stream().map(this.names::of).collect(Collectors.toCollection(TreeSet::new));
	}

	private Optional<String> refusal(String name, BatchFunction.Declaration declaration) {
		if (declaration.replay() != null) {
			return Optional
				.of("it reads its topic from the beginning into this process's memory, which takes a consumer");
		}
		if (!this.settings.isGrouped(name)) {
			return Optional.of("it has no group, so every instance has to hear every record");
		}
		if (declaration.isTransactional()) {
			return Optional
				.of("it writes %s, which is compacted, in one Kafka transaction with its input offsets, which the next owner of a partition fences, and whoever calls owns none"
					.formatted(declaration.outputs()
						.stream()
						.filter(Topic::isCompacted)
						.map(Topic::name)
						.collect(Collectors.joining(", "))));
		}
		if (declaration.alsoWithoutRecords()) {
			return Optional.of("it is also called without records, when it was assigned partitions");
		}
		return Optional.empty();
	}

	private static String sentence(Map<String, String> refused) {
		return refused.entrySet()
			.stream()
			.map((entry) -> "%s may not, since %s".formatted(entry.getKey(), entry.getValue()))
			.collect(Collectors.joining("; "));
	}

}
