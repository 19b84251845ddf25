package io.sitestream.platform.kafka;

import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.NoProducerAvailableException;
import org.springframework.kafka.core.TransactionIdSuffixStrategy;

/**
 * The few transactional ids of one function: two for each of its consumers, since those
 * of a binding that is started again come beside the ones that still end, and two to
 * spare. The lowest that is free is taken first. So the producer after a rollback, and
 * the process after a restart, has the id of the one before, and its start ends what that
 * one left open, which readers would otherwise wait for until it times out.
 */
final class TransactionalIds implements TransactionIdSuffixStrategy {

	private final String function;

	private final int count;

	private final SortedSet<Integer> free;

	TransactionalIds(String function, int concurrency) {
		this.function = function;
		this.count = 2 * concurrency + 2;
		this.free = IntStream.range(0, this.count).boxed().collect(Collectors.toCollection(TreeSet::new));
	}

	@Override
	public synchronized String acquireSuffix(@Nullable String prefix) {
		if (this.free.isEmpty()) {
			throw new NoProducerAvailableException(
					"All %d transactional ids of %s are in use, two for each of its consumers and two to spare: one is free when a transaction has ended."
						.formatted(this.count, this.function),
					String.valueOf(prefix));
		}
		return Integer.toString(this.free.removeFirst());
	}

	@Override
	public synchronized void releaseSuffix(@Nullable String prefix, @Nullable String suffix) {
		this.free.add(Integer.valueOf(Objects.requireNonNull(suffix)));
	}

}
