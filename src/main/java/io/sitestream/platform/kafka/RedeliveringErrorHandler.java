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
 */
record RedeliveringErrorHandler(Redelivery redelivery) implements CommonErrorHandler {

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
		this.redelivery.fromFirst((Iterable<? extends ConsumerRecord<?, ?>>) (Iterable<?>) records,
				BatchFailedException.backIn(thrown), consumer, container);
	}

	@Override
	public void handleOtherException(Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container,
			boolean batchListener) {
		log.warn("A consumer failed outside of a batch and goes on: {}", thrown.toString());
	}

}
