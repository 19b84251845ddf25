package io.sitestream.kvstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import io.sitestream.kvstore.ReplayedStore.Colour;
import io.sitestream.platform.RefusedStartException;
import io.sitestream.platform.TopicIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class CheckpointUnitTests {

	@TempDir
	Path directory;

	private final FakeLog log = new FakeLog(2);

	private CheckpointFile file;

	/** Wrote the checkpoint and is gone. */
	private ReplayedStore before;

	@BeforeEach
	void writeACheckpoint() throws IOException {
		this.file = new CheckpointFile(this.directory.resolve("colours.checkpoint"));
		this.log.append(0, "a", colour("red"));
		this.log.append(0, "b", colour("blue"));
		this.log.append(0, "b", null);
		this.log.append(1, "c", colour("green"));
		this.log.append(1, "c", "{broken");
		this.log.append(1, (byte[]) null, "no key");
		this.before = new ReplayedStore(2, Optional.of(this.file));
		this.before.replay.assigned(this.log);
		this.log.pollAll(this.before.replay);
		this.file.write(this.before.replay.checkpoint(FakeLog.TOPIC).orElseThrow());
		this.log.append(0, "a", colour("grey"));
		this.log.append(1, "d", colour("white"));
	}

	@Test
	void isGoneOnFrom() {
		ReplayedStore after = restarted();

		assertThat(after.all())
			.isEqualTo(Map.of("a", new Colour("grey"), "c", new Colour("green"), "d", new Colour("white")));
		assertThat(after.replay.taken()).isEqualTo(2);
	}

	@Test
	void carriesTheQuarantine() {
		ReplayedStore after = restarted();

		assertThat(after.contents.quarantine().records()).hasSize(2)
			.isEqualTo(this.before.contents.quarantine().records());
		this.log.append(1, "c", colour("black"));
		this.log.pollAll(after.replay);
		assertThat(after.contents.quarantine().records()).extracting(QuarantinedRecord::cause)
			.containsExactly("Record has no key.");
	}

	@Test
	void isGoneOnFromTimeAndAgain() throws IOException {
		for (int i = 0; i < 5; i++) {
			ReplayedStore next = restarted();
			assertThat(next.replay.taken()).isEqualTo((i == 0) ? 2 : 1);
			this.file.write(next.replay.checkpoint(FakeLog.TOPIC).orElseThrow());
			this.log.append(0, "a", colour("shade " + i));
		}
		assertThat(restarted().all()).containsEntry("a", new Colour("shade 4"));
	}

	@Test
	void isNotTakenOfAStoreThatIsStillLoading() {
		ReplayedStore loading = new ReplayedStore(2);
		loading.replay.assigned(this.log);

		assertThat(loading.replay.checkpoint(FakeLog.TOPIC)).isEmpty();
	}

	@Test
	void isRefusedWithAnyByteFlipped() throws IOException {
		byte[] good = Files.readAllBytes(path());
		for (int place = 0; place < good.length; place++) {
			byte[] flipped = good.clone();
			flipped[place] ^= (byte) (1 << (place % 8));
			Files.write(path(), flipped);

			assertThatExceptionOfType(CorruptCheckpointException.class).as("byte %d", place)
				.isThrownBy(this.file::read);
		}
		assertThat(restarted().all()).isEqualTo(fullyReplayed().all());
	}

	@Test
	void isRefusedAtAnyOtherLength(CapturedOutput output) throws IOException {
		byte[] good = Files.readAllBytes(path());
		for (int length = 0; length < good.length + 3; length++) {
			Files.write(path(), Arrays.copyOf(good, length));
			if (length != good.length) {
				assertThatExceptionOfType(CorruptCheckpointException.class).as("%d bytes", length)
					.isThrownBy(this.file::read);
			}
		}
		Files.write(path(), Arrays.copyOf(good, good.length - 1));
		isRefused(output, "It ends too early.");
	}

	@Test
	void isRefusedWhenItIsNoise(CapturedOutput output) throws IOException {
		byte[] noise = new byte[1_000];
		new Random(1).nextBytes(noise);
		Files.write(path(), noise);

		isRefused(output, "It does not begin as a checkpoint.");
	}

	@Test
	void isRefusedForATopicThatWasMadeAnew(CapturedOutput output) {
		ReplayedStore after = new ReplayedStore(2, Optional.of(this.file));
		after.identity = Optional.of(new TopicIdentity("second", Duration.ofHours(24)));

		isRefused(after, output, "It is of topic id first, but 't-colours' was made anew and has id second.");
	}

	@Test
	void isRefusedWhenTheTopicIsNotKnown(CapturedOutput output) {
		ReplayedStore after = new ReplayedStore(2, Optional.of(this.file));
		after.identity = Optional.empty();

		isRefused(after, output, "Kafka does not tell which topic it is.");
	}

	@Test
	void isRefusedForAnotherTopicOrCodec(CapturedOutput output) throws IOException {
		Checkpoint good = this.file.read().orElseThrow();
		this.file.write(new Checkpoint("shapes", good.topicId(), good.codec(), good.current(), good.bookmarks(),
				good.records()));
		isRefused(output, "It is of topic 'shapes', not of 't-colours'.");

		this.file.write(new Checkpoint(good.topic(), good.topicId(), "json Shape", good.current(), good.bookmarks(),
				good.records()));
		isRefused(output, "It holds values of json Shape, the store has json " + Colour.class.getName() + ".");
	}

	@Test
	void isRefusedWhenItDoesNotKnowAllPartitions(CapturedOutput output) throws IOException {
		Checkpoint good = this.file.read().orElseThrow();
		this.file.write(new Checkpoint(good.topic(), good.topicId(), good.codec(), good.current(),
				Map.of(1, good.bookmarks().get(1)), good.records()));

		isRefused(output, "It knows partitions [1], but those of 't-colours' are [0, 1].");
	}

	@Test
	void isRefusedWhenTheLogEndsBeforeIt(CapturedOutput output) {
		this.log.truncate(0, 2);

		isRefused(output, "Partition 0 was read up to offset 3, but holds 0 to 2 now: it was truncated.");
	}

	@Test
	void isRefusedWhenTheLogBeginsBehindIt(CapturedOutput output) {
		this.log.append(1, "c", colour("pink"));
		this.log.deleteRecordsBefore(1, 4);

		isRefused(output, "Partition 1 was read up to offset 3, but holds 4 to 5 now: it was truncated.");
	}

	@Test
	void isRefusedWhenAnotherLeaderHasWrittenTheLogAnew(CapturedOutput output) {
		this.log.truncate(0, 1);
		for (String shade : List.of("dark", "bright", "pale", "deep")) {
			this.log.append(0, shade, colour(shade));
		}

		isRefused(output, "Its checkpoint is refused. Partition 0 was read up to offset 3 of leader epoch 0, "
				+ "but epoch 1 wrote offset 1 anew: it was truncated.");
	}

	@Test
	void isNotRefusedWhenAnotherLeaderOnlyGoesOn() {
		this.log.truncate(0, this.log.endOffset(0));
		this.log.append(0, "a", colour("pale"));

		ReplayedStore after = restarted();

		assertThat(after.replay.taken()).isEqualTo(3);
		assertThat(after.all()).containsEntry("a", new Colour("pale"));
	}

	@Test
	void isRefusedWhenItIsTooOldOnceTheTailHasBeenRead(CapturedOutput output) {
		ReplayedStore after = new ReplayedStore(2, Optional.of(this.file));
		after.now = after.now.plus(Duration.ofHours(11));
		after.replay.assigned(this.log);
		this.log.poll(0, 10, after.replay);
		assertThat(output).doesNotContain("refused");

		after.now = after.now.plus(Duration.ofHours(2));
		this.log.poll(1, 10, after.replay);

		assertThat(after.isReady()).isFalse();
		assertThat(output).contains("Its checkpoint is refused. The end was last reached PT13H ago, which is more than "
				+ "PT12H, half of the topic's delete.retention.ms: removals may have been missed.");
		this.log.pollAll(after.replay);
		assertThat(after.all()).isEqualTo(fullyReplayed().all());
	}

	@Test
	void losesNothingWhenItsWriterIsKilled() throws IOException {
		Path unfinished = this.directory.resolve("colours.checkpoint.123.tmp");
		Files.write(unfinished, new byte[10]);

		CheckpointDirectory reopened = new CheckpointDirectory(properties(this.directory));

		assertThat(reopened.file("colours").orElseThrow().read()).isPresent();
		assertThat(unfinished).doesNotExist();
	}

	@Test
	void needsADirectoryThatIsOne() {
		assertThatExceptionOfType(RefusedStartException.class)
			.isThrownBy(() -> new CheckpointDirectory(properties(path())))
			.withMessageStartingWith(
					"sitestream.kvstore.checkpoints.directory is '%s', which cannot be used: ".formatted(path()));
	}

	private static KeyValueStoreProperties properties(Path directory) {
		return new KeyValueStoreProperties(Duration.ofSeconds(5), Duration.ofSeconds(10),
				new KeyValueStoreProperties.Checkpoints(directory, Duration.ofMinutes(10)));
	}

	private Path path() {
		return this.directory.resolve("colours.checkpoint");
	}

	private void isRefused(CapturedOutput output, String reason) {
		isRefused(new ReplayedStore(2, Optional.of(this.file)), output, reason);
	}

	private void isRefused(ReplayedStore store, CapturedOutput output, String reason) {
		store.replay.assigned(this.log);
		this.log.pollAll(store.replay);

		assertThat(output).contains(reason);
		assertThat(store.isReady()).isTrue();
		assertThat(store.all()).isEqualTo(fullyReplayed().all());
	}

	private ReplayedStore restarted() {
		ReplayedStore store = new ReplayedStore(2, Optional.of(this.file));
		store.replay.assigned(this.log);
		this.log.pollAll(store.replay);
		assertThat(store.isReady()).isTrue();
		return store;
	}

	private ReplayedStore fullyReplayed() {
		ReplayedStore store = new ReplayedStore(2);
		store.replay.assigned(this.log);
		this.log.pollAll(store.replay);
		return store;
	}

}
