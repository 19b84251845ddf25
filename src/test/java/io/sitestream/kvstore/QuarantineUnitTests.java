package io.sitestream.kvstore;

import java.util.List;
import java.util.Map;

import io.sitestream.kvstore.ReplayedStore.Colour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.sitestream.kvstore.ReplayedStore.colour;
import static org.assertj.core.api.Assertions.assertThat;

class QuarantineUnitTests {

	private final FakeLog log = new FakeLog(1);

	private final ReplayedStore store = new ReplayedStore(1);

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void keepsAnUnreadableRecordAtHeadMiddleOrTailFromStallingReadiness(int place) {
		for (int i = 0; i < 3; i++) {
			this.log.append(0, "k" + i, (i == place) ? "{broken" : colour("red"));
		}
		this.store.replay.assigned(this.log);

		this.log.pollAll(this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).hasSize(2).doesNotContainKey("k" + place);
		assertThat(records()).singleElement().satisfies((record) -> {
			assertThat(record.partition()).isZero();
			assertThat(record.offset()).isEqualTo(place);
			assertThat(record.key()).isEqualTo("k" + place);
			assertThat(record.cause()).startsWith("Value is not a Colour: ").endsWith("Found: {broken");
		});
	}

	@Test
	void leavesTheLastGoodValueOfTheKey() {
		replay("a", colour("red"), "{broken");

		assertThat(this.store.all()).containsEntry("a", new Colour("red"));
	}

	@Test
	void isLeftByALaterGoodRecordOfTheKey() {
		replay("a", "{broken", colour("blue"));

		assertThat(this.store.all()).containsEntry("a", new Colour("blue"));
		assertThat(records()).isEmpty();
		assertThat(this.store.contents.quarantine().total()).isEqualTo(1);
	}

	@Test
	void isLeftByATombstoneOfTheKey() {
		replay("a", colour("red"), "{broken", null);

		assertThat(this.store.all()).isEmpty();
		assertThat(records()).isEmpty();
	}

	@Test
	void holdsTheNewestUnreadableRecordOfAKey() {
		replay("a", "{broken", "[]");

		assertThat(records()).singleElement().satisfies((record) -> assertThat(record.offset()).isEqualTo(1));
	}

	@Test
	void takesAValueThatIsTheJsonNull() {
		replay("a", "null");

		assertThat(records()).singleElement()
			.satisfies((record) -> assertThat(record.cause()).isEqualTo("Value is the JSON null, expected a Colour."));
	}

	@Test
	void takesRecordsWithoutKeyAndWithAKeyThatIsNotUtf8() {
		this.log.append(0, (byte[]) null, colour("red"));
		this.log.append(0, new byte[] { (byte) 0xC3, 0x28 }, colour("red"));
		this.store.replay.assigned(this.log);

		this.log.pollAll(this.store.replay);

		assertThat(this.store.isReady()).isTrue();
		assertThat(this.store.all()).isEmpty();
		assertThat(records()).extracting(QuarantinedRecord::cause)
			.containsExactly("Record has no key.", "Key '\uFFFD(' is not UTF-8.");
	}

	@Test
	void takesAValueWhoseKeyIsAnother() {
		ReplayedStore keyed = ReplayedStore.keyed(1);
		this.log.append(0, "red", colour("red"));
		this.log.append(0, "red", colour("blue"));
		keyed.replay.assigned(this.log);

		this.log.pollAll(keyed.replay);

		assertThat(keyed.all()).containsExactly(Map.entry("red", new Colour("red")));
		assertThat(keyed.contents.quarantine().records()).singleElement()
			.satisfies((record) -> assertThat(record.cause()).isEqualTo(
					"Key 'red' and value disagree: topic colours is keyed by name, which is 'blue' in the value."));
	}

	@Test
	void takesWhatAnotherPartitionerPutElsewhereUntilItIsRemovedThere() {
		FakeLog two = new FakeLog(2);
		ReplayedStore keyed = ReplayedStore.keyed(2);
		two.append(0, "red", colour("red"));
		two.append(1, "red", colour("red"));
		two.append(1, "blue", null);
		keyed.replay.assigned(two);

		two.pollAll(keyed.replay);

		assertThat(keyed.all()).containsExactly(Map.entry("red", new Colour("red")));
		assertThat(keyed.contents.quarantine().records()).extracting(QuarantinedRecord::cause)
			.containsExactlyInAnyOrder(elsewhere("red"), elsewhere("blue"));

		two.append(1, "red", null);
		two.append(0, "red", colour("red"));
		two.pollAll(keyed.replay);

		assertThat(keyed.all()).containsKey("red");
		assertThat(keyed.contents.quarantine().records()).extracting(QuarantinedRecord::key).containsExactly("blue");
	}

	private static String elsewhere(String key) {
		return "Key '%s' is in partition 1 of topic colours, expected 0: murmur2 of the key modulo 2, Java's default (librdkafka: partitioner=murmur2_random). Elsewhere it has no order among the records of its key: write it again with that partitioner."
			.formatted(key);
	}

	private void replay(String key, String... values) {
		for (String value : values) {
			this.log.append(0, key, value);
		}
		this.store.replay.assigned(this.log);
		this.log.pollAll(this.store.replay);
	}

	private List<QuarantinedRecord> records() {
		return this.store.contents.quarantine().records();
	}

}
