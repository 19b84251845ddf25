package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Optional;

import io.sitestream.platform.Position;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.kafka.listener.AfterRollbackProcessor;
import org.springframework.kafka.listener.ContainerProperties.EOSMode;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * After a Kafka transaction was rolled back, or its commit was left without an answer.
 *
 * @param redelivery makes the batch come again
 * @param function hears of it
 */
record RedeliveringAfterRollback(Redelivery redelivery,
		BatchFunction function) implements AfterRollbackProcessor<byte[], byte[]> {

	@Override
	public void process(List<ConsumerRecord<byte[], byte[]>> records, Consumer<byte[], byte[]> consumer,
			MessageListenerContainer container, Exception exception, boolean recoverable, EOSMode eosMode) {
		this.function.progress().notKept(Redelivery.firstOffsets(records), exception);
		this.redelivery.fromCommitted(records, consumer, container, search(records, exception),
				FencingTransactionManager.mayBeCommitted());
	}

	/** A smaller batch comes at once. */
	private Exception search(List<ConsumerRecord<byte[], byte[]>> records, Exception exception) {
		Optional<Throwable> refusal = Faults.refusal(exception);
		if (refusal.isEmpty()) {
			return exception;
		}
		ConsumerRecord<byte[], byte[]> first = records.getFirst();
		this.function.refused(records.size(), new Position(first.topic(), first.partition(), first.offset()),
				first.serializedValueSize(), refusal.get());
		return BatchFailedException.atOnce(this.function.name(), exception);
	}

}
