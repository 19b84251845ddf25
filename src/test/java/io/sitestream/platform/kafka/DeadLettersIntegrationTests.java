package io.sitestream.platform.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import io.sitestream.ApiClient.Answer;
import io.sitestream.platform.UnprocessableRecordException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DeadLettersIntegrationTests extends DeadLettersFixture {

	@ParameterizedTest
	@CsvSource({ "words, copies, words.copy-words.dlq", "calls, shouts, calls.shout-words.dlq" })
	void whatCouldNotBeProcessedIsSeenRepairedAndReplayedOnce(String input, String output, String topic) {
		WordFunctions.Script script = output.equals("copies") ? this.copies : this.shouts;
		script.now((words) -> {
			words.stream().filter((word) -> word.required().text().startsWith("bad")).findFirst().ifPresent((word) -> {
				throw new UnprocessableRecordException(word.position(),
						"'%s' is not in the dictionary.".formatted(word.required().text()));
			});
			return script.passOn(words);
		});
		this.probe.send(input, "k1", "{\"text\":\"good %s\"}".formatted(output));
		this.probe.send(input, "k1", "{\"text\":\"bad 1 %s\"}".formatted(output));
		this.probe.send(input, "k2", "{\"text\":\"bad 2 %s\"}".formatted(output));
		this.probe.flush();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(topic)).isEqualTo(2));

		Answer letters = this.api.get("/actuator/deadletters/" + this.prefix + topic);
		assertThat(letters.status()).isEqualTo(200);
		assertThat(letters.json().at("/next").isNull()).isTrue();
		JsonNode first = item(letters, "bad 1 " + output);
		assertThat(first.at("/position/topic").asString()).isEqualTo(this.prefix + input);
		assertThat(first.at("/position/offset").asLong()).isGreaterThanOrEqualTo(1);
		assertThat(first.at("/cause").asString()).isEqualTo("'bad 1 %s' is not in the dictionary.".formatted(output));
		assertThat(first.at("/key").asString()).isEqualTo("k1");

		assertThat(replay(topic, 10)).as("still not in the dictionary").isEqualTo("{\"replayed\":2,\"left\":2}");
		script.now(script::passOn);
		assertThat(replay(topic, 1)).isEqualTo("{\"replayed\":1,\"left\":1}");
		assertThat(replay(topic, 10)).isEqualTo("{\"replayed\":1,\"left\":0}");
		assertThat(replay(topic, 10)).isEqualTo("{\"replayed\":0,\"left\":0}");

		assertThat(count(topic)).isZero();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(output)).containsExactlyInAnyOrder("good " + output,
					"bad 1 " + output, "bad 2 " + output));
	}

	@Test
	void lettersOfAFunctionThatWritesACompactedTopicComeOnItsOwnThread() {
		this.copies.now((words) -> {
			throw new IllegalArgumentException("nothing goes");
		});
		this.probe.put("words", "own", "{\"text\":\"own\"}");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("words.copy-words.dlq")).isEqualTo(1));
		String thread = this.copies.threads.remove("own");
		this.copies.now(this.copies::passOn);

		assertThat(replay("words.copy-words.dlq", 1)).isEqualTo("{\"replayed\":1,\"left\":0}");

		assertThat(this.copies.threads).containsEntry("own", thread);
	}

	@ParameterizedTest
	@CsvSource({ "words, words.copy-words.dlq", "calls, calls.shout-words.dlq" })
	void lettersStayWhenAServerIsAwayDuringTheReplay(String input, String topic) {
		WordFunctions.Script script = input.equals("words") ? this.copies : this.shouts;
		script.now((words) -> {
			throw new NullPointerException("nobody thought of it");
		});
		this.probe.put(input, "unreadable", "{");
		this.probe.put(input, "stumbled", "{\"text\":\"stumbled\"}");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(topic)).isEqualTo(2));
		script.now((words) -> {
			throw new DataAccessResourceFailureException("the database is away");
		});

		Answer failed = this.api.post("/actuator/deadletters/" + this.prefix + topic,
				"{\"action\":\"replay\",\"max\":10}");

		assertThat(failed.status()).isEqualTo(503);
		assertThat(failed.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:replay-failed");
		assertThat(failed.json().at("/detail").asString()).contains("the database is away");
		assertThat(count(topic)).isEqualTo(2);
		script.now(script::passOn);
		assertThat(replay(topic, 10)).as("what cannot be read comes back").isEqualTo("{\"replayed\":2,\"left\":1}");
	}

	@Test
	void lettersAreReadAPageAtATime() {
		for (int i = 0; i < 3; i++) {
			this.probe.put("calls", "page", "[%d".formatted(i));
		}
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("calls.shout-words.dlq")).isEqualTo(3));
		String path = "/actuator/deadletters/" + this.prefix + "calls.shout-words.dlq?limit=2";

		JsonNode page = this.api.get(path).json();

		assertThat(page.at("/items").size()).isEqualTo(2);
		JsonNode rest = this.api.get(path + "&after=" + page.at("/next").asString()).json();
		assertThat(rest.at("/items").size()).isEqualTo(1);
		assertThat(rest.at("/items/0/value").asString()).isEqualTo("[2");
		assertThat(rest.at("/next").isNull()).isTrue();
	}

	@Test
	void aPageOfLargeLettersIsBounded() {
		String padding = "x".repeat(900_000);
		for (int i = 0; i < 20; i++) {
			this.probe.send("calls", "large", "[%d%s".formatted(i, padding));
		}
		this.probe.flush();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("calls.shout-words.dlq")).isEqualTo(20));
		String path = "/actuator/deadletters/" + this.prefix + "calls.shout-words.dlq?limit=100";

		JsonNode page = this.api.get(path).json();
		JsonNode rest = this.api.get(path + "&after=" + page.at("/next").asString()).json();

		assertThat(page.at("/items").size()).isBetween(1, 19);
		assertThat(page.at("/items").size() + rest.at("/items").size()).isEqualTo(20);
		assertThat(rest.at("/next").isNull()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "words, words.copy-words.dlq", "calls, calls.shout-words.dlq" })
	void whatIsOnlyPassedOnStaysAsItCame(String input, String topic) {
		byte[] key = { 'k', (byte) 0xff };
		byte[] value = { '{', 0, (byte) 0xc3, (byte) 0x28 };
		RecordHeaders headers = new RecordHeaders();
		headers.add("twice", new byte[] { 1, (byte) 0xfe })
			.add("twice", new byte[] { 2 })
			.add("nothing", null)
			.add("x-original-offset", "mine".getBytes(StandardCharsets.UTF_8));
		this.probe.send(new ProducerRecord<>(this.prefix + input, null, key, value, headers));
		this.probe.put(input, "numbers", "[9007199254740993.12,1e400,1.10]");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(topic)).isEqualTo(2));

		List<ConsumerRecord<byte[], byte[]>> kept = this.letters.read(this.prefix + topic, -1, 10);
		JsonNode items = this.api.get("/actuator/deadletters/" + this.prefix + topic).json().at("/items");
		assertThat(replay(topic, 10)).isEqualTo("{\"replayed\":2,\"left\":2}");
		List<ConsumerRecord<byte[], byte[]>> again = this.letters.read(this.prefix + topic, -1, 10);

		ConsumerRecord<byte[], byte[]> bytes = find(kept, value);
		assertThat(bytes.key()).isEqualTo(key);
		assertThat(Arrays.asList(bytes.headers().toArray())).startsWith(headers.toArray());
		assertThat(find(again, value).key()).isEqualTo(key);
		assertThat(find(again, value).headers()).isEqualTo(bytes.headers());
		assertThat(items.valueStream().map((item) -> item.at("/valueBase64").asString("")))
			.containsExactlyInAnyOrder(Base64.getEncoder().encodeToString(value), "");
		assertThat(items.valueStream().map((item) -> item.at("/keyBase64").asString("")))
			.containsExactlyInAnyOrder(Base64.getEncoder().encodeToString(key), "");
		assertThat(items.valueStream().map((item) -> item.at("/value").asString()))
			.contains("[9007199254740993.12,1e400,1.10]");
	}

	private static ConsumerRecord<byte[], byte[]> find(List<ConsumerRecord<byte[], byte[]>> letters, byte[] value) {
		return letters.stream().filter((letter) -> Arrays.equals(letter.value(), value)).findFirst().orElseThrow();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "words | {\"action\":\"replay\"} | 404 | unknown-dead-letter-topic",
					"words.copy-words.dlq | {\"action\":\"delete\"} | 400 | unknown-action",
					"words.copy-words.dlq | {\"max\":1} | 400 | bad-request",
					"words.copy-words.dlq | {\"action\":\"replay\",\"max\":0} | 400 | invalid-parameter",
					"words.copy-words.dlq | {\"action\":\"replay\",\"max\":\"all\"} | 400 | bad-request" })
	void refusesWhatItCannotDo(String topic, String body, int status, String slug) {
		Answer refused = this.api.post("/actuator/deadletters/" + this.prefix + topic, body);

		assertThat(refused.status()).isEqualTo(status);
		assertThat(refused.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
		assertThat(refused.json().at("/type").asString()).isEqualTo("urn:sitestream:problem:" + slug);
		assertThat(refused.json().at("/detail").asString()).isNotBlank();
	}

	private static JsonNode item(Answer letters, String text) {
		return letters.json()
			.at("/items")
			.valueStream()
			.filter((item) -> item.at("/value").asString().contains(text))
			.findFirst()
			.orElseThrow();
	}

	private List<String> texts(String topic) {
		return this.probe.committedValues(topic)
			.stream()
			.map((json) -> json.replaceAll(".*:\"(.*)\".*", "$1"))
			.filter((text) -> text.startsWith("good") || text.startsWith("bad"))
			.toList();
	}

}
