package io.sitestream.platform.serverless.lambda;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.sitestream.lambda.KafkaEventJson;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KafkaEventUnitTests {

	private final RecordFormat format = new RecordFormat();

	@ParameterizedTest
	@EnumSource(KafkaEventJson.class)
	void theDocumentedEventsAreUnderstood(KafkaEventJson source) {
		Map<String, List<RawRecord>> partitions = read(source.example()).partitions();

		assertThat(partitions).containsOnlyKeys("mytopic-0");
		RawRecord record = partitions.get("mytopic-0").getFirst();
		assertThat(record.position()).isEqualTo(new Position("mytopic", 0, 15));
		assertThat(record.timestamp()).isEqualTo(Instant.ofEpochMilli(1545084650987L));
		assertThat(record.key()).hasSize(22);
		assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo("Hello, this is a test.");
		assertThat(record.headers()).isEqualTo(Map.of("headerKey", "headerValue"));
	}

	@Test
	void aValueThatIsNullOrAbsentIsATombstoneAndAnEmptyOneIsNone() {
		List<RawRecord> records = records("""
				{"topic":"t","partition":1,"offset":1,"value":null},
				{"topic":"t","partition":1,"offset":2},
				{"topic":"t","partition":1,"offset":3,"key":"","value":""}""");

		assertThat(records).extracting(RawRecord::isTombstone).containsExactly(true, true, false);
		assertThat(records.getFirst().key()).isNull();
		assertThat(records.getLast().key()).isEmpty();
		assertThat(records.getLast().value()).isEmpty();
	}

	@Test
	void headersAreSignedOrUnsignedBytesAndOfSeveralWithOneNameTheLastCounts() {
		List<RawRecord> records = records(
				"""
						{"topic":"t","partition":1,"offset":1,"headers":[
						{"ce_id":[97]},{"ce_id":[98]},{"signed":[-61,-87]},{"unsigned":[195,169]},{"empty":[]},{"none":null}]}""");

		assertThat(records.getFirst().headers())
			.isEqualTo(Map.of("ce_id", "b", "signed", "é", "unsigned", "é", "empty", ""));
	}

	@Test
	void recordsOfAPartitionComeInOrder() {
		List<RawRecord> records = records("""
				{"topic":"t","partition":1,"offset":12},{"topic":"t","partition":1,"offset":7}""");

		assertThat(records).extracting((record) -> record.position().offset()).containsExactly(7L, 12L);
	}

	@Test
	void eventsOfOtherSourcesAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> read("{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"x\"}]}").partitions())
			.withMessage(
					"The event is none of a Kafka event source: its eventSource is 'null', expected is 'aws:kafka' or 'SelfManagedKafka', and records.");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> read("{\"eventSource\":\"aws:mq\",\"records\":{}}").partitions())
			.withMessageContaining("'aws:mq'");
		assertThatIllegalArgumentException().isThrownBy(() -> read("[]"))
			.withMessageStartingWith("Value is not a KafkaEvent");
	}

	@Test
	void aRecordWithoutAPlaceIsRefusedAndNotTakenForTheFirst() {
		assertThatIllegalArgumentException().isThrownBy(() -> records("{\"topic\":\"t\",\"partition\":0}"))
			.withMessage("A record of the event has topic 't', partition 0 and offset null: expected are all three.");
	}

	private List<RawRecord> records(String records) {
		return read("{\"eventSource\":\"SelfManagedKafka\",\"records\":{\"t-1\":[" + records + "],\"t-2\":[]}}")
			.partitions()
			.get("t-1");
	}

	private KafkaEvent read(String json) {
		return this.format.read(json.getBytes(StandardCharsets.UTF_8), KafkaEvent.class);
	}

}
