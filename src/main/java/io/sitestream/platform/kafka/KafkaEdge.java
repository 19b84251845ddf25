package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Edge;
import io.sitestream.platform.Emission;
import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Rewind;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicNames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;

/**
 * Makes functions out of declarations. What is emitted goes out acknowledged, or in a
 * transaction where one of the outputs is compacted.
 */
final class KafkaEdge implements Edge {

	private final TopicNames names;

	private final RecordFormat format;

	private final RecordWriter writer;

	private final RecordSender acknowledged;

	private final RecordSender transactional;

	private final DeadLetterSender deadLetters;

	private final FunctionSettings settings;

	private final FunctionMetrics metrics;

	private final Traces traces;

	KafkaEdge(TopicNames names, RecordFormat format, RecordWriter writer, RecordSender acknowledged,
			RecordSender transactional, DeadLetterSender deadLetters, FunctionSettings settings,
			FunctionMetrics metrics, Traces traces) {
		this.names = names;
		this.format = format;
		this.writer = writer;
		this.acknowledged = acknowledged;
		this.transactional = transactional;
		this.deadLetters = deadLetters;
		this.settings = settings;
		this.metrics = metrics;
		this.traces = traces;
	}

	@Override
	@SafeVarargs
	public final <T> From<T> from(Topic<? extends T>... topics) {
		return new Declaring<>(Arrays.asList(topics));
	}

	private final class Declaring<T> implements From<T> {

		private final List<Topic<? extends T>> inputs;

		private List<Topic<?>> outputs = List.of();

		private Duration interval = Duration.ZERO;

		private boolean alsoWithoutRecords;

		private BiFunction<RawRecord, Throwable, List<Emission>> letterAnswer = (record, cause) -> List.of();

		private Rewind rewind = Rewind.NEVER;

		private PartitionListener partitions = new PartitionListener() {
		};

		Declaring(List<Topic<? extends T>> inputs) {
			this.inputs = inputs;
		}

		@Override
		public From<T> to(Topic<?>... topics) {
			this.outputs = List.of(topics);
			return this;
		}

		@Override
		public From<T> atMostEvery(Duration interval) {
			this.interval = interval;
			return this;
		}

		@Override
		public From<T> alsoWithoutRecords() {
			this.alsoWithoutRecords = true;
			return this;
		}

		@Override
		public From<T> answeringDeadLetters(BiFunction<RawRecord, Throwable, List<Emission>> answer) {
			this.letterAnswer = answer;
			return this;
		}

		@Override
		public From<T> partitions(PartitionListener listener) {
			this.partitions = listener;
			return this;
		}

		@Override
		public From<T> rewinding(Rewind rewind) {
			this.rewind = rewind;
			return this;
		}

		@Override
		public Consumer<Message<List<RawRecord>>> batch(Consumer<List<Consumed<T>>> logic) {
			return emitting((records) -> {
				logic.accept(records);
				return List.of();
			});
		}

		@Override
		public Consumer<Message<List<RawRecord>>> emitting(Function<List<Consumed<T>>, List<Emission>> logic) {
			Map<String, Topic<? extends T>> byName = new LinkedHashMap<>();
			this.inputs.forEach((topic) -> byName.put(KafkaEdge.this.names.of(topic), topic));
			boolean inTransaction = this.outputs.stream().anyMatch(Topic::isCompacted);
			return function(null,
					new BatchLogic<>(logic, this.letterAnswer, new RecordReader<>(byName, KafkaEdge.this.format),
							KafkaEdge.this.writer,
							inTransaction ? KafkaEdge.this.transactional : KafkaEdge.this.acknowledged,
							KafkaEdge.this.deadLetters, KafkaEdge.this.settings, KafkaEdge.this.metrics,
							KafkaEdge.this.traces));
		}

		@Override
		public Consumer<Message<List<RawRecord>>> replay(Replay replay) {
			this.partitions = replay;
			return function(Objects.requireNonNull(replay), (function, records) -> {
				replay.on(records);
				KafkaEdge.this.metrics.processed(function, records.size(), 0);
			});
		}

		private BatchFunction function(@Nullable Replay replay, BiConsumer<String, List<RawRecord>> process) {
			return new BatchFunction(
					new BatchFunction.Declaration(List.copyOf(this.inputs), this.outputs, this.interval,
							this.alsoWithoutRecords, this.partitions, this.rewind, replay),
					process, KafkaEdge.this.metrics);
		}

	}

}
