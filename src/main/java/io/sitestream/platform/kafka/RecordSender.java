package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.ProducerRecord;

import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/**
 * Sends what a function emits, on the function's thread.
 */
interface RecordSender {

	void send(List<ProducerRecord<byte[], byte[]>> records);

	/**
	 * Sends and waits until all are acknowledged.
	 * @param template a template without transactions
	 * @return the sender
	 */
	static RecordSender acknowledged(KafkaTemplate<byte[], byte[]> template) {
		return (records) -> {
			List<CompletableFuture<SendResult<byte[], byte[]>>> sends = new ArrayList<>(records.size());
			records.forEach((record) -> sends.add(template.send(record)));
			try {
				CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new KafkaException("Interrupted while waiting for acknowledgements", ex);
			}
			catch (ExecutionException | TimeoutException ex) {
				throw new KafkaException("Not all of %d records were acknowledged".formatted(records.size()), ex);
			}
		};
	}

	/**
	 * Sends within the transaction that the container has begun on this thread; its
	 * commit waits for all.
	 * @param template a template on the transaction manager's producer factory
	 * @return the sender
	 */
	static RecordSender transactional(KafkaTemplate<byte[], byte[]> template) {
		return (records) -> {
			if (!records.isEmpty() && !template.inTransaction()) {
				throw new IllegalStateException(
						"A function that writes a compacted topic runs without a Kafka transaction: its binding has no transaction-manager.");
			}
			records.forEach(template::send);
		};
	}

}
