package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RawRecord;
import org.apache.kafka.common.TopicPartition;

import org.springframework.http.HttpStatus;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * Hands dead letters to their function again. A function that writes a compacted topic
 * gets them on the thread that owns their partitions, in a Kafka transaction that a later
 * owner would fence: otherwise a replay could write an older state after a newer one.
 */
final class LetterReplay {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final FunctionContainers containers;

	private final OwnerTransaction transaction;

	LetterReplay(FunctionContainers containers, OwnerTransaction transaction) {
		this.containers = containers;
		this.transaction = transaction;
	}

	/**
	 * Replays letters. Those that cannot be processed again are dead letters anew, behind
	 * all others.
	 * @param source where they came from
	 * @param letters the letters
	 * @throws ProblemException 409 {@code partition-elsewhere}, 503
	 * {@code function-busy}, 503 {@code replay-failed}: nothing was replayed
	 */
	void replay(DeadLetterTopics.Source source, List<KeptLetter> letters) {
		List<RawRecord> batch = withoutDoubles(letters);
		if (!source.function().declaration().isTransactional()) {
			try {
				source.function().again(batch);
			}
			catch (RuntimeException ex) {
				throw failed(source, ex);
			}
			return;
		}
		Set<TopicPartition> partitions = batch.stream()
			.map((record) -> new TopicPartition(record.position().topic(), record.position().partition()))
			.collect(Collectors.toSet());
		requireOwned(source, partitions);
		// decided once: either the owner begins, or this request gives up
		AtomicBoolean decided = new AtomicBoolean();
		CompletableFuture<Void> done = source.function().tasks().submit(partitions, (consumer) -> {
			if (decided.compareAndSet(false, true)) {
				this.transaction.call(source.function(), batch, partitions, consumer);
			}
		});
		await(source, done, decided);
	}

	/**
	 * A batch that came twice may have left the same letter twice. Of letters whose
	 * records had an unknown place each one counts.
	 */
	private static List<RawRecord> withoutDoubles(List<KeptLetter> letters) {
		Map<Object, RawRecord> records = new LinkedHashMap<>();
		letters.forEach((letter) -> records.put(letter.isPlaced() ? letter.record().position() : letter.letter(),
				letter.record()));
		return List.copyOf(records.values());
	}

	private void requireOwned(DeadLetterTopics.Source source, Set<TopicPartition> partitions) {
		AbstractMessageListenerContainer<?, ?> container = this.containers.containers().get(source.name() + "-in-0");
		Collection<TopicPartition> owned = (container != null) ? container.getAssignedPartitions() : null;
		if (owned == null || !owned.containsAll(partitions)) {
			throw new ProblemException(HttpStatus.CONFLICT, "partition-elsewhere",
					"The letters came from %s, but here %s has only %s: ask the instance that has them, or take fewer letters."
						.formatted(partitions, source.name(), (owned != null) ? owned : List.of()));
		}
	}

	/**
	 * Waits for the owner. Once it has begun its end is waited for, since only then it is
	 * known whether the letters may be forgotten; the function's transaction has a
	 * timeout.
	 */
	private static void await(DeadLetterTopics.Source source, CompletableFuture<Void> done, AtomicBoolean decided) {
		try {
			try {
				done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				if (decided.compareAndSet(false, true)) {
					done.cancel(false);
					throw ex;
				}
				done.get();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed(source, ex);
		}
		catch (TimeoutException ex) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "function-busy",
					"%s had no idle moment within %d s: try again when its lag is less.".formatted(source.name(),
							PATIENCE.toSeconds()));
		}
		catch (ExecutionException ex) {
			throw failed(source, Objects.requireNonNullElse(ex.getCause(), ex));
		}
	}

	private static ProblemException failed(DeadLetterTopics.Source source, Throwable cause) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "replay-failed",
				"%s failed, and the letters stay where they are: %s".formatted(source.name(), cause), cause);
	}

}
