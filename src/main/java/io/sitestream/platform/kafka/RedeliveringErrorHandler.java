package io.sitestream.platform.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * After a batch without transaction failed.
 *
 * @param redelivery makes the batch come again
 * @param function hears of it
 */
record RedeliveringErrorHandler(Redelivery redelivery, BatchFunction function) implements CommonErrorHandler {

	private static final Logger log = LoggerFactory.getLogger(RedeliveringErrorHandler.class);

	@Override
	public boolean seeksAfterHandling() {
		return true;
	}

	@Override
	public boolean isAckAfterHandle() {
		return false;
	}

	@Override
	@SuppressWarnings("unchecked")
	public void handleBatch(Exception thrown, ConsumerRecords<?, ?> records, Consumer<?, ?> consumer,
			MessageListenerContainer container, Runnable invokeListener) {
		Iterable<? extends ConsumerRecord<?, ?>> batch = (Iterable<? extends ConsumerRecord<?, ?>>) (Iterable<?>) records;
		this.function.progress().notKept(Redelivery.firstOffsets(batch), thrown);
		this.redelivery.fromFirst(batch, consumer, container, thrown);
	}

	@Override
	public void handleOtherException(Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container,
			boolean batchListener) {
		log.warn("A consumer failed outside of a batch and goes on: {}", thrown.toString());
		if (!Faults.isRebalance(thrown)) {
			this.function.progress().stuck(thrown);
		}
	}

}
