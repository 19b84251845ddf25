package io.sitestream.platform.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.UnprocessableRecordException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RecordReaderUnitTests {

	private static final Topic<Thing> THINGS = Topic.retained("things", Thing.class, 6, Duration.ofDays(1))
		.keyedBy("name", Thing::name);

	private final RecordReader<Thing> reader = new RecordReader<>(Map.of("p-things", THINGS), new RecordFormat());

	@ParameterizedTest
	@ValueSource(strings = { "a", "b", "shop", "Europe/Paris", "ä", "import/12" })
	void takesRecordsWhereJavasPartitionerPutsThem(String key) {
		assertThat(read(key, key, THINGS.partitionOf(key), Map.of()).value()).isEqualTo(new Thing(key));
		assertThat(read(key, null, THINGS.partitionOf(key), Map.of()).isTombstone()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "cafe", "bakery" })
	void refusesWhatAnotherPartitionerPutElsewhere(String key) {
		String fault = "Key '%s' is in partition %d of topic things, expected %d: murmur2 of the key modulo 6, Java's default (librdkafka: partitioner=murmur2_random). Elsewhere it has no order among the records of its key: write it again with that partitioner."
			.formatted(key, byCrc32(key), THINGS.partitionOf(key));

		assertUnprocessable(key, key, byCrc32(key), Map.of(), fault);
		assertUnprocessable(key, null, byCrc32(key), Map.of(), fault);
		assertUnprocessable(key, key, byCrc32(key), Map.of(Consumed.REPLAYED, "true"), fault);
		assertThat(read(key, key, byCrc32(key), Map.of(Consumed.REPLAYED, Consumed.UNPLACED)).value())
			.as("a place that nobody knows")
			.isEqualTo(new Thing(key));
	}

	@Test
	void refusesAKeyThatIsNotTheValues() {
		assertUnprocessable("shop", "cafe", THINGS.partitionOf("shop"), Map.of(),
				"Key 'shop' and value disagree: topic things is keyed by name, which is 'cafe' in the value.");
	}

	private Consumed<Thing> read(String key, @Nullable String name, int partition, Map<String, String> headers) {
		byte[] value = (name != null) ? "{\"name\":\"%s\"}".formatted(name).getBytes(UTF_8) : null;
		return this.reader.read(new RawRecord(new Position("p-things", partition, 7), Instant.EPOCH,
				key.getBytes(UTF_8), value, headers, -1));
	}

	private void assertUnprocessable(String key, @Nullable String name, int partition, Map<String, String> headers,
			String fault) {
		assertThatExceptionOfType(UnprocessableRecordException.class)
			.isThrownBy(() -> read(key, name, partition, headers))
			.satisfies((ex) -> assertThat(ex.getMessage()).endsWith(fault));
	}

	private static int byCrc32(String key) {
		CRC32 hash = new CRC32();
		hash.update(key.getBytes(UTF_8));
		return (int) (hash.getValue() % THINGS.partitions());
	}

	record Thing(String name) {

	}

}
