package io.sitestream.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicScan;
import io.sitestream.platform.TopicScans;
import io.sitestream.projection.TaggedProjection.Tagged;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.util.ExceptionUtils;

import static io.sitestream.projection.ThingSpace.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A fill passes every record that the live function would keep as a dead letter.
 */
class FillingIntegrationTests {

	@ParameterizedTest
	@MethodSource("faults")
	void goesOnAfterARecordThatCannotBeProjected(Throwable fault) {
		try (ThingSpace things = new ThingSpace()) {
			things.writer().on(List.of(put("a", 1, "red")));
			things.rebuild(1);
			Generation generation = things.catalogue().find(GenerationState.FILLING).orElseThrow();
			Queue<List<Consumed<Tagged>>> topic = new ConcurrentLinkedQueue<>(
					List.of(List.of(put("bad", 13, "red"), put("b", 1, "red")), List.of(put("c", 1, "red"))));

			try (Filling<Tagged> filling = new Filling<>(new Failing(new TaggedProjection(1), fault), generation,
					"fill", new Records(topic), things.generations, things.redis, things.clock)) {
				filling.start();
				await().atMost(Duration.ofSeconds(60))
					.until(() -> things.members(things.keys(generation), "tag/red").size() == 2);
			}

			assertThat(things.members(things.keys(generation), "tag/red")).containsExactly("b", "c");
		}
	}

	static List<Throwable> faults() {
		return List.of(new IllegalArgumentException("bad"), new StackOverflowError(), new NoSuchMethodError("bad"));
	}

	/**
	 * Fails on things of version 13.
	 *
	 * @param things projects the others
	 * @param fault how it fails
	 */
	private record Failing(TaggedProjection things, Throwable fault) implements Projection<Tagged> {

		@Override
		public String name() {
			return this.things.name();
		}

		@Override
		public Topic<Tagged> topic() {
			return this.things.topic();
		}

		@Override
		public long version(Tagged thing) {
			return this.things.version(thing);
		}

		@Override
		public @Nullable Long tombstoneVersion(Map<String, String> headers) {
			return this.things.tombstoneVersion(headers);
		}

		@Override
		public byte[] view(Tagged thing) {
			if (thing.version() == 13) {
				throw ExceptionUtils.throwAsUncheckedException(this.fault);
			}
			return this.things.view(thing);
		}

		@Override
		public Set<String> indexKeys(byte[] view) {
			return this.things.indexKeys(view);
		}

	}

	private record Records(Queue<List<Consumed<Tagged>>> polls) implements TopicScans {

		@Override
		@SuppressWarnings("unchecked")
		public <T> TopicScan<T> open(Topic<T> topic, String group) {
			return (TopicScan<T>) new TopicScan<Tagged>() {

				@Override
				public List<Consumed<Tagged>> poll(Duration timeout) {
					List<Consumed<Tagged>> next = Records.this.polls.poll();
					return (next != null) ? next : List.of();
				}

				@Override
				public void commit() {
					// nothing to go on from
				}

				@Override
				public long unreadable() {
					return 0;
				}

				@Override
				public void close() {
					// nothing is open
				}

			};
		}

	}

}
