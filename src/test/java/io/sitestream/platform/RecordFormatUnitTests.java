package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecordFormatUnitTests {

	private final RecordFormat format = new RecordFormat();

	@Test
	void ignoresPropertiesThatItDoesNotKnow() {
		assertThat(read("{\"name\":\"a\",\"colour\":\"red\",\"at\":\"2026-11-23T12:00:00Z\"}"))
			.isEqualTo(new Thing("a", Instant.parse("2026-11-23T12:00:00Z")));
	}

	@Test
	void writesTimesAsText() {
		assertThat(new String(this.format.write(new Thing("ä", Instant.parse("2026-11-23T12:00:00.5Z"))), UTF_8))
			.isEqualTo("{\"name\":\"ä\",\"at\":\"2026-11-23T12:00:00.500Z\"}");
	}

	@Test
	void leavesBytesAsTheyAre() {
		byte[] bytes = "as it is".getBytes(UTF_8);

		assertThat(this.format.write(bytes)).isSameAs(bytes);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			null     | Value is the JSON null, expected a Thing.
			[1]      | Value is not a Thing:
			{"name": | Value is not a Thing:
			''       | Value is not a Thing:
			""")
	void saysWhatIsWrongWithAValue(String json, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageStartingWith(message);
	}

	@Test
	void showsNoMoreThanTheBeginningOfAValueThatItCannotRead() {
		assertThatIllegalArgumentException().isThrownBy(() -> read("[" + "x".repeat(10_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(500).endsWith("…"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{}                                        | /text is missing, expected a text.
					{"text":null}                             | /text is null, expected a text.
					{"text":7}                                | /text is 7, expected a text.
					{"text":true}                             | /text is true, expected a text.
					{"text":"a"}                              | /number is missing, expected a whole number of 64 bits.
					{"text":"a","number":null}                | /number is null, expected a whole number of 64 bits.
					{"text":"a","number":"5"}                 | /number is "5", expected a whole number of 64 bits.
					{"text":"a","number":""}                  | /number is "", expected a whole number of 64 bits.
					{"text":"a","number":5.0}                 | /number is 5.0, expected a whole number of 64 bits.
					{"text":"a","number":true}                | /number is true, expected a whole number of 64 bits.
					{"text":"a","number":9223372036854775808} | /number is 9223372036854775808, expected a whole number of 64 bits.
					{"text":"a","number":1}                   | /colour is missing, expected one of "RED", "BLUE".
					{"text":"a","number":1,"colour":1}        | /colour is 1, expected one of "RED", "BLUE".
					{"text":"a","number":1,"colour":"1"}      | /colour is "1", expected one of "RED", "BLUE".
					{"text":"a","number":1,"colour":""}       | /colour is "", expected one of "RED", "BLUE".
					{"text":"a","number":1,"colour":"red"}    | /colour is "red", expected one of "RED", "BLUE".
					{"text":"a","number":1,"colour":"RED"}    | /flag is missing, expected true or false.
					{"flag":"true"}                           | /flag is "true", expected true or false.
					{"flag":1}                                | /flag is 1, expected true or false.
					{"at":1764072000}                         | /at is 1764072000, expected a time as "2026-11-23T12:00:00Z".
					{"at":"1764072000"}                       | /at is "1764072000", expected a time as "2026-11-23T12:00:00Z".
					{"at":"yesterday"}                        | /at is "yesterday", expected a time as "2026-11-23T12:00:00Z".
					{"ids":["a",null]}                        | /ids/1 is null, expected a text.
					{"ids":"a"}                               | /ids is "a", expected a list.
					{"rows":[["a"],["b",null]]}               | /rows/1/1 is null, expected no null in a list.
					{"rows":[null]}                           | /rows/0 is null, expected no null in a list.
					{"parts":{"a/b":{"size":1},"c":{}}}       | /parts/c/size is missing, expected a whole number of 32 bits.
					{"parts":{"a/b":null}}                    | /parts/a~1b is null, expected a Part.
					{"parts":{"a/b":{"size":2147483648}}}     | /parts/a~1b/size is 2147483648, expected a whole number of 32 bits.
					{"part":{"size":-1}}                      | /part: size is -1: expected 0 or more.
					{"shape":{"size":1}}                      | /shape/type is missing, expected the type of a Shape.
					{"shape":{"type":"cube"}}                 | /shape/type is "cube", expected one of [round, square].
					{"shape":{"type":"square"}}               | /shape/side is missing, expected a whole number of 32 bits.
					[]                                        | it is [], expected a Everything.
					""")
	void namesTheMemberThatIsWrongAndWhatIsThereInstead(String json, String fault) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.format.read(json.getBytes(UTF_8), Everything.class))
			.withMessage("Value is not a Everything: %s Found: %s".formatted(fault, json));
	}

	@Test
	void takesWhatIsMissingWhereTheTypeSaysThatItMayBe() {
		Everything least = everything(
				"""
						{"text":"a","number":1,"colour":"RED","flag":false,"ids":[],"rows":[],"parts":{},"shape":{"type":"round"},\
						"json":null}""");

		assertThat(least).isEqualTo(new Everything("a", 1, Colour.RED, false, List.of(), List.of(), Map.of(), null,
				null, new Shape.Round(), 0, List.of("none"), null, new RawJson("null")));
	}

	@Test
	void takesNullInAListWhereTheTypeSaysSo() {
		Everything holey = everything("""
				{"text":"a","number":1,"colour":"BLUE","flag":true,"ids":["b"],"rows":[["c"]],"parts":{"d":{"size":2}},\
				"at":null,"part":null,"shape":{"type":"square","side":3},"later":4,"added":["e"],"holes":[null,"f"],\
				"json":[1,null]}""");

		assertThat(holey.holes()).containsExactly(null, "f");
		assertThat(holey.later()).isEqualTo(4);
		assertThat(holey.added()).containsExactly("e");
	}

	@ParameterizedTest
	@ValueSource(strings = { "9007199254740993.12", "1e400", "-0", "1E+2", "123456789012345678901234567890", "null",
			"true", "\"\"", "\"a\\u0041\\ud800 ä 🎉 \\/\"", "{}", "[]",
			"{ \"b\" : 1.0 ,\n\t\"a\":[ 1e400 , {\"a\":1,\"a\":2} ] }" })
	void passesJsonOnAsItCame(String json) {
		for (String around : List.of("{\"name\":\"ä🎉\",\"json\":%s}", "{\"json\":%s,\"name\":\"a\"}",
				"{ \"json\" : %s , \"name\" : \"a\" }", "\uFEFF{\"json\"\n:\n%s\n}",
				"{\"x\":\"" + "y".repeat(20_000) + "\",\"json\":%s}")) {
			Passed passed = this.format.read(around.formatted(json).getBytes(UTF_8), Passed.class);

			assertThat(passed.json().text()).as(around.length() > 100 ? "long" : around).isEqualTo(json);
			assertThat(new String(this.format.write(passed), UTF_8)).isEqualTo("{\"json\":" + json + "}");
		}
	}

	@Test
	void passesOnNoJsonThatIsMissingOrNoUtf8() {
		byte[] broken = "{\"json\":\"?\"}".getBytes(UTF_8);
		broken[9] = (byte) 0xE4;

		assertThatIllegalArgumentException().isThrownBy(() -> this.format.read("{}".getBytes(UTF_8), Passed.class))
			.withMessageContaining("/json is missing, expected JSON in UTF-8.");
		assertThatIllegalArgumentException().isThrownBy(() -> this.format.read(broken, Passed.class))
			.withMessageContaining("UTF-8");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.format.read("{\"json\":1}".getBytes(StandardCharsets.UTF_16BE), Passed.class))
			.withMessageContaining("UTF-8");
	}

	private Everything everything(String json) {
		return this.format.read(json.getBytes(UTF_8), Everything.class);
	}

	private Thing read(String json) {
		return this.format.read(json.getBytes(UTF_8), Thing.class);
	}

	record Thing(String name, @Nullable Instant at) {

	}

	enum Colour {

		RED, BLUE

	}

	record Part(int size) {

		Part {
			if (size < 0) {
				throw new IllegalArgumentException("size is %d: expected 0 or more.".formatted(size));
			}
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Shape.Round.class, name = "round"),
			@JsonSubTypes.Type(value = Shape.Square.class, name = "square") })
	sealed interface Shape {

		record Round() implements Shape {
		}

		record Square(int side) implements Shape {
		}

	}

	record Everything(String text, long number, Colour colour, boolean flag, List<String> ids, List<List<String>> rows,
			Map<String, Part> parts, @Nullable Instant at, @Nullable Part part, Shape shape, @AddedLater int later,
			@AddedLater List<String> added, @Nullable List<@Nullable String> holes, RawJson json) {

		Everything {
			added = Objects.requireNonNullElse(added, List.of("none"));
		}

	}

	record Passed(RawJson json) {

	}

}
