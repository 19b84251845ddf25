package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.sitestream.platform.Emission;
import io.sitestream.platform.ExclusiveEmitter;
import io.sitestream.platform.Topic;
import org.apache.kafka.clients.producer.Producer;

/**
 * One producer with the name's transactional id: initialising it fences the one before,
 * and completes or aborts its transaction.
 *
 * @param <T> what a mark is
 */
final class KafkaExclusiveEmitter<T> implements ExclusiveEmitter<T> {

	private final String name;

	private final Topic<T> marks;

	private final Optional<T> mark;

	private final Producer<byte[], byte[]> producer;

	private final RecordWriter writer;

	KafkaExclusiveEmitter(String name, Topic<T> marks, Optional<T> mark, Producer<byte[], byte[]> producer,
			RecordWriter writer) {
		this.name = name;
		this.marks = marks;
		this.mark = mark;
		this.producer = producer;
		this.writer = writer;
	}

	@Override
	public Optional<T> mark() {
		return this.mark;
	}

	@Override
	public void emit(List<Emission> emissions, T mark) {
		this.producer.beginTransaction();
		emissions.forEach(this::send);
		send(Emission.of(this.marks, this.name, mark));
		this.producer.commitTransaction();
	}

	private void send(Emission emission) {
		this.producer.send(this.writer.record(emission, RecordWriter.owner(emission.topic())));
	}

	/**
	 * Does not wait: a transaction that is still open is ended by the next takeover, or
	 * by its timeout.
	 */
	@Override
	public void close() {
		this.producer.close(Duration.ZERO);
	}

}
