package io.sitestream.platform;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EntityTagsUnitTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			"3"                  | [3]    | [3]
			"3", "5"             | [3, 5] | [3, 5]
			"3","5" , "3"        | [3, 5] | [3, 5]
			, "3", ,             | [3]    | [3]
			W/"3"                | []     | [3]
			W/"3", "5"           | [5]    | [3, 5]
			"a,b", "7"           | [7]    | [7]
			"03"                 | []     | []
			""                   | []     | []
			"9999999999999999999"| []     | []
			""")
	void readsTagsAsTheRfcHasThem(String value, String strong, String weak) {
		assertThat(Objects.requireNonNull(EntityTags.parse("If-Match", List.of(value), false)).versions())
			.hasToString(strong);
		assertThat(Objects.requireNonNull(EntityTags.parse("If-None-Match", List.of(value), true)).versions())
			.hasToString(weak);
	}

	@Test
	void takesAStarForAnythingAndSeveralLinesForOneList() {
		assertThat(EntityTags.parse("If-Match", List.of(), false)).isNull();
		assertThat(Objects.requireNonNull(EntityTags.parse("If-Match", List.of(" * "), false)).any()).isTrue();
		assertThat(EntityTags.parse("If-Match", List.of("\"1\"", "\"2\""), false)).hasToString("1 or 2");
	}

	@Test
	void readsAsManyTagsAsAHeaderHoldsAndSaysAFew() {
		String tags = LongStream.rangeClosed(1, 9_000).mapToObj("\"%d\""::formatted).collect(Collectors.joining(", "));
		String oneByOne = LongStream.rangeClosed(1, 5_000).mapToObj((i) -> "\"\"").collect(Collectors.joining(","));

		EntityTags read = Objects
			.requireNonNull(EntityTags.parse("If-Match", List.of(tags.substring(0, 60_000) + "\""), false));

		assertThat(read.versions()).hasSizeGreaterThan(5_000);
		assertThat(read.toString()).matches("1 or 2 or .* or 10 or \\d+ more");
		assertThat(EntityTags.parse("If-Match", List.of(oneByOne), false)).hasToString("none that there can be");
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> EntityTags.parse("If-Match", List.of(tags, tags), false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "three", "3", "\"3", "\"3\" \"4\"", "\"3\"\"4\"", "*, \"3\"", "w/\"3\"", "", ",", "W/",
			"\"a,\"x\"", "\"a b\"" })
	void refusesWhatIsNoListOfTags(String value) {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> EntityTags.parse("If-None-Match", List.of(value), true))
			.satisfies((refused) -> {
				assertThat(refused.problem().status()).isEqualTo(400);
				assertThat(refused.problem().type()).endsWith("invalid-if-none-match");
				assertThat(refused.problem().detail()).startsWith(
						"If-None-Match: " + value + " is not allowed: expected * or ETags, as \"3\" or \"3\", \"4\".");
			});
	}

}
