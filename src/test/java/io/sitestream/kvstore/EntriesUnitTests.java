package io.sitestream.kvstore;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One thread writes, others read.
 */
class EntriesUnitTests {

	private static final int CHANGES = 300_000;

	private final Entries<Integer> entries = new Entries<>();

	@Test
	void showASnapshotNothingOlderThanALookBeforeIt() {
		this.entries.set("a", entry(0));
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
			for (int i = 1; i < CHANGES; i++) {
				this.entries.set("a", entry(i));
			}
		});

		while (!writer.isDone()) {
			int seen = this.entries.get("a").value();
			assertThat(this.entries.all().get("a")).isGreaterThanOrEqualTo(seen);
		}
		assertThat(this.entries.all()).containsEntry("a", CHANGES - 1);
	}

	@Test
	void findInARangeEveryKeyThatWasSeenAlone() {
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < CHANGES; i++) {
				this.entries.set("k" + i, entry(i));
			}
		});

		for (int i = 0; i < CHANGES; i++) {
			String key = "k" + i;
			while (this.entries.get(key) == null) {
				Thread.onSpinWait();
			}
			assertThat(this.entries.range(key, key + '0')).containsKey(key);
		}
		writer.join();
		assertThat(this.entries.size()).isEqualTo(CHANGES);
	}

	@Test
	void forgetTheKeysThatAreRemoved() {
		this.entries.set("a", entry(1));
		this.entries.set("b", entry(2));

		this.entries.set("a", null);
		this.entries.set("c", null);

		assertThat(this.entries.keys()).containsExactly("b");
		assertThat(this.entries.size()).isEqualTo(1);
		assertThat(this.entries.all()).containsOnlyKeys("b");
	}

	private static Entry<Integer> entry(int value) {
		return new Entry<>(value, 0, value, null);
	}

}
