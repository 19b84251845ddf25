package io.sitestream.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Replay;
import org.jspecify.annotations.Nullable;

/**
 * Takes the time that a store needs from the assignment of its partitions, a checkpoint
 * included, until it answers.
 */
final class TimedReplay implements Replay {

	private final KeyValueStore<?> store;

	private final Replay replay;

	private final CompletableFuture<Duration> loading = new CompletableFuture<>();

	private @Nullable Long begin;

	TimedReplay(KeyValueStore<?> store) {
		this.store = store;
		this.replay = store.replay();
	}

	/**
	 * Waits until the store answers.
	 * @return how long that took
	 */
	Duration loading() {
		return this.loading.join();
	}

	@Override
	public void assigned(PartitionLog log) {
		if (this.begin == null) {
			this.begin = System.nanoTime();
		}
		this.replay.assigned(log);
		look();
	}

	@Override
	public void on(List<RawRecord> records) {
		this.replay.on(records);
	}

	@Override
	public void idle(String topic, int partition, long position) {
		this.replay.idle(topic, partition, position);
	}

	@Override
	public void between(PartitionLog log) {
		this.replay.between(log);
		look();
	}

	private void look() {
		if (!this.loading.isDone() && this.begin != null && this.store.isReady()) {
			this.loading.complete(Duration.ofNanos(System.nanoTime() - this.begin));
		}
	}

}
