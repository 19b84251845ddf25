package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

	/**
	 * Sends records.
	 * @param function the function that emits them
	 * @param records the records
	 */
	void send(String function, List<ProducerRecord<byte[], byte[]>> records);

	/**
	 * Sends dead letters and waits for each of them.
	 * @param function the function that could not process their records
	 * @param letters the letters
	 * @return why each of them was not taken, empty for those that were
	 * @throws KafkaException if this is not the fault of a letter
	 */
	List<Optional<Throwable>> keep(String function, List<ProducerRecord<byte[], byte[]>> letters);

	/**
	 * Sends and waits until all are acknowledged.
	 * @param template a template without transactions
	 * @return the sender
	 */
	static RecordSender acknowledged(KafkaTemplate<byte[], byte[]> template) {
		return new Acknowledged(template);
	}

	/**
	 * Without a transaction.
	 *
	 * @param template a template without transactions
	 */
	record Acknowledged(KafkaTemplate<byte[], byte[]> template) implements RecordSender {

		@Override
		public void send(String function, List<ProducerRecord<byte[], byte[]>> records) {
			List<CompletableFuture<SendResult<byte[], byte[]>>> sends = new ArrayList<>(records.size());
			records.forEach((record) -> sends.add(this.template.send(record)));
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
		}

		@Override
		public List<Optional<Throwable>> keep(String function, List<ProducerRecord<byte[], byte[]>> letters) {
			return DeadLetterSends.begin(this.template, letters).await();
		}

	}

}
