package io.sitestream.platform.serverless;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RawRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CloudEventUnitTests {

	private static final byte[] NOTHING = new byte[0];

	private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

	private static final Set<String> TOPICS = Set.of("p-words");

	private final EventRecords records = new EventRecords(Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void attributesAreHeadersInAnyCaseAndDataIsTheBody() {
		HttpHeaders headers = headers("CE-SpecVersion", "1.0", "Ce-Id", "7", "cE-source", "/s", "ce-TYPE", "t",
				"Ce-SiteVersion", "3", "Content-Type", "application/json; charset=utf-8", "Host", "here");

		CloudEvent event = BinaryEvents.read(headers, bytes("{}"));

		assertThat(event.attributes()).isEqualTo(Map.of("specversion", "1.0", "id", "7", "source", "/s", "type", "t",
				"siteversion", "3", "datacontenttype", "application/json; charset=utf-8"));
		assertThat(event.data()).isEqualTo(bytes("{}"));
		assertThat(BinaryEvents.read(headers, NOTHING).data()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "Euro%20%E2%82%AC%20%F0%9F%98%80, Euro € 😀", "%22quoted%22, '\"quoted\"'", "100%, 100%", "%zz, %zz",
			"'\"a \\\"b\\\"\"', 'a \"b\"'", "plain-1.2_3/4, plain-1.2_3/4" })
	void valuesOfHeadersAreDecoded(String sent, String meant) {
		HttpHeaders headers = minimal();
		headers.set("ce-partitionkey", sent);

		assertThat(BinaryEvents.read(headers, NOTHING).attribute("partitionkey")).hasValue(meant);
	}

	@Test
	void bytesThatAreNoTextAreRefused() {
		HttpHeaders headers = minimal();
		headers.set("ce-partitionkey", "%ff%fe");

		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> BinaryEvents.read(headers, NOTHING))
			.withMessageContaining("header ce-partitionkey is '%ff%fe', which is no percent-encoded UTF-8");
	}

	@ParameterizedTest
	@ValueSource(strings = { "specversion", "id", "source", "type" })
	void whatEveryEventHasIsMissed(String attribute) {
		HttpHeaders headers = minimal();
		headers.remove("ce-" + attribute);

		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> BinaryEvents.read(headers, NOTHING))
			.satisfies((problem) -> assertThat(problem.problem().status()).isEqualTo(400))
			.withMessageContaining("its attribute '%s' is missing or empty".formatted(attribute));
	}

	@Test
	void anotherVersionOfTheSpecificationIsRefused() {
		HttpHeaders headers = minimal();
		headers.set("ce-specversion", "0.3");

		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> BinaryEvents.read(headers, NOTHING))
			.withMessageContaining("its specversion is '0.3', known is 1.0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
			"data":{"a":1.10,"b":[12345678901234567890,null]}       | {"a":1.10,"b":[12345678901234567890,null]}
			"data":"text"                                           | "text"
			"data":"text","datacontenttype":"application/json"      | "text"
			"data":"text","datacontenttype":"application/x+json; v" | "text"
			"data":"text","datacontenttype":"text/plain"            | text
			"data":true,"datacontenttype":"text/plain"              | true
			"data_base64":"eyB9"                                    | { }
			"data":null                                             | -
			"subject":"without data"                                | -
			""")
	void dataInJsonIsRead(String member, String data) {
		CloudEvent event = JsonEvents.one(document(member));

		assertThat(event.data()).isEqualTo((data != null) ? bytes(data) : null);
	}

	@Test
	void attributesInJsonAreTexts() {
		CloudEvent event = JsonEvents.one(document("\"siteversion\":3,\"final\":true,\"subject\":null,\"key\":\"k\""));

		assertThat(event.attributes()).isEqualTo(Map.of("specversion", "1.0", "id", "7", "source", "/s", "type", "t",
				"siteversion", "3", "final", "true", "key", "k"));
	}

	@Test
	void aBatchIsAnArray() {
		String one = new String(document("\"data\":1"), StandardCharsets.UTF_8);

		assertThat(JsonEvents.several(bytes("[%s,%s]".formatted(one, one)))).hasSize(2);
		assertThat(JsonEvents.several(bytes("[]"))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{"specversion":"1.0"                                              | the body is no JSON
					7                                                                 | an event is a JSON object
					{"specversion":"1.0","id":"7","source":"/s","type":["t"]}         | its attribute 'type' is neither text
					{"specversion":"1.0","id":"7","source":"/s","type":"t","data_base64":"*"} | its data_base64 is no base64
					{"specversion":"1.0","id":"7","source":"/s","type":"t","data_base64":"","data":1} | it has both data and data_base64
					""")
	void whatIsNoEventIsToldSo(String body, String fault) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> JsonEvents.one(bytes(body)))
			.withMessageContaining("This is no CloudEvent: " + fault);
	}

	@Test
	void aRecordThatWasPassedOnIsTheRecordAgain() {
		RawRecord record = record(Map.of("source", "/sitestream/site", "type", "io.sitestream.SiteMetadata.v1", "time",
				"2026-11-22T10:00:00.5Z", "siteversion", "3", "partitionkey", "bakery", "datacontenttype",
				"application/json", "knativekafkatopic", "p-words", "knativekafkapartition", "4", "knativekafkaoffset",
				"123456789012"));

		assertThat(record.position()).isEqualTo(new Position("p-words", 4, 123_456_789_012L));
		assertThat(record.keyText()).isEqualTo("bakery");
		assertThat(record.timestamp()).isEqualTo(Instant.parse("2026-11-22T10:00:00.5Z"));
		assertThat(record.headers())
			.isEqualTo(Map.of("ce_specversion", "1.0", "ce_id", "7", "ce_source", "/sitestream/site", "ce_type",
					"io.sitestream.SiteMetadata.v1", "ce_time", "2026-11-22T10:00:00.5Z", "ce_siteversion", "3",
					"ce_partitionkey", "bakery", "content-type", "application/json", "traceparent", "of the request"));
		assertThat(record.leaderEpoch()).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "partition:4#99", "partition:4#offset:99" })
	void aRecordThatWasWrappedIsTheRecordAgain(String subject) {
		RawRecord record = record(Map.of("id", "partition:4/offset:99", "source",
				"/apis/v1/namespaces/n/kafkasources/s#p-words", "type", "dev.knative.kafka.event", "subject", subject,
				"key", "bakery", "kafkaheadercesiteversion", "3", "kafkaheadertraceparent", "of the record"));

		assertThat(record.position()).isEqualTo(new Position("p-words", 4, 99));
		assertThat(record.keyText()).isEqualTo("bakery");
		assertThat(record.timestamp()).isEqualTo(NOW);
		assertThat(record.headers()).containsEntry("ce_siteversion", "3")
			.containsEntry("traceparent", "of the record")
			.doesNotContainKey("ce_type");
	}

	@Test
	void aRecordOfAnotherTopicIsRefused() {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> record(
					Map.of("knativekafkatopic", "p-other", "knativekafkapartition", "0", "knativekafkaoffset", "1")))
			.satisfies((problem) -> assertThat(problem.problem().status()).isEqualTo(409))
			.withMessageContaining(
					"Event '7' is a record of topic 'p-other', but shoutWords takes those of [p-words]. Nothing was processed.");
	}

	@ParameterizedTest
	@CsvSource({ "knativekafkapartition, 0", "knativekafkaoffset, 1", "subject, partition:0#1",
			"id, partition:0/offset:1" })
	void anEventThatDoesNotSayWhereItLiesIsRefused(String attribute, String value) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> record(Map.of(attribute, value)))
			.satisfies((problem) -> assertThat(problem.problem().type()).endsWith(":unplaced-event"))
			.withMessageContaining("does not say which record it is");
	}

	private RawRecord record(Map<String, String> attributes) {
		HttpHeaders headers = minimal();
		attributes.forEach((name, value) -> headers.set("ce-" + name, value));
		if (attributes.containsKey("datacontenttype")) {
			headers.remove("ce-datacontenttype");
			headers.set("Content-Type", attributes.get("datacontenttype"));
		}
		return this.records.record(BinaryEvents.read(headers, NOTHING), Map.of("traceparent", "of the request"),
				"shoutWords", TOPICS);
	}

	private static HttpHeaders minimal() {
		return headers("ce-specversion", "1.0", "ce-id", "7", "ce-source", "/s", "ce-type", "t");
	}

	private static HttpHeaders headers(String... namesAndValues) {
		HttpHeaders headers = new HttpHeaders();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
		}
		return headers;
	}

	private static byte[] document(String members) {
		return bytes("{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\",\"type\":\"t\",%s}".formatted(members));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
