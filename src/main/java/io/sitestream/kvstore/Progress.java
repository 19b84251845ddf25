package io.sitestream.kvstore;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a store has read, for those who wait for it. What was shown to the store before
 * {@link #moveTo} is visible to everybody who is woken by it.
 */
final class Progress {

	private final Lock lock = new ReentrantLock();

	private final Condition moved = this.lock.newCondition();

	private volatile Map<Integer, Long> positions = Map.of();

	Map<Integer, Long> positions() {
		return new TreeMap<>(this.positions);
	}

	void moveTo(Map<Integer, Long> positions) {
		this.lock.lock();
		try {
			this.positions = Map.copyOf(positions);
			this.moved.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until every partition has come that far.
	 * @param wanted for each partition the offset that is to be read next, or a later one
	 * @param timeout how long to wait
	 * @return whether they have; {@code false} too when the thread was interrupted
	 */
	boolean await(Map<Integer, Long> wanted, Duration timeout) {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			while (!reached(wanted)) {
				if (left <= 0) {
					return false;
				}
				left = this.moved.awaitNanos(left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean reached(Map<Integer, Long> wanted) {
		Map<Integer, Long> now = this.positions;
		return wanted.entrySet().stream().allMatch((want) -> want.getValue() <= now.getOrDefault(want.getKey(), 0L));
	}

}
