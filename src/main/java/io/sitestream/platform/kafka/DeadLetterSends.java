package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/**
 * Dead letters on their way.
 *
 * @param sends one for each letter, in order
 */
record DeadLetterSends(List<CompletableFuture<SendResult<byte[], byte[]>>> sends) {

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

	/**
	 * Sends letters without waiting. After one that fails at once no other is sent.
	 * @param template what sends
	 * @param letters the letters
	 * @return the sends
	 */
	static DeadLetterSends begin(KafkaTemplate<byte[], byte[]> template, List<ProducerRecord<byte[], byte[]>> letters) {
		List<CompletableFuture<SendResult<byte[], byte[]>>> sends = new ArrayList<>(letters.size());
		Throwable failure = null;
		for (ProducerRecord<byte[], byte[]> letter : letters) {
			if (failure == null) {
				try {
					sends.add(template.send(letter));
					continue;
				}
				catch (KafkaException | org.apache.kafka.common.KafkaException ex) {
					failure = ex;
				}
			}
			sends.add(CompletableFuture.failedFuture(failure));
		}
		return new DeadLetterSends(sends);
	}

	/**
	 * Waits for all.
	 * @return why each of them was not taken, empty for those that were
	 */
	List<Optional<Throwable>> await() {
		long deadline = System.nanoTime() + PATIENCE_NANOS;
		List<Optional<Throwable>> failures = new ArrayList<>(this.sends.size());
		this.sends.forEach((send) -> failures.add(await(send, deadline)));
		return failures;
	}

	private static Optional<Throwable> await(CompletableFuture<?> send, long deadline) {
		try {
			send.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new KafkaException("Interrupted while waiting for dead letters", ex);
		}
		catch (TimeoutException ex) {
			return Optional.of(ex);
		}
		catch (ExecutionException ex) {
			return Optional.of(ofLetter(Objects.requireNonNullElse(ex.getCause(), ex)));
		}
	}

	/**
	 * Fencing and shutting down say nothing about a letter.
	 */
	private static Throwable ofLetter(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException
					|| cause instanceof InterruptException) {
				throw new KafkaException("Dead letters were not sent", failure);
			}
		}
		return failure;
	}

}
