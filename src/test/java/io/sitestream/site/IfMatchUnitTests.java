package io.sitestream.site;

import java.util.List;

import io.sitestream.platform.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class IfMatchUnitTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			"3"                  | [3]
			"3", "5"             | [3, 5]
			"3","5" , "3"        | [3, 5]
			, "3", ,             | [3]
			W/"3"                | []
			W/"3", "5"           | [5]
			"a,\"x"              | -
			"a,b", "7"           | [7]
			"03"                 | []
			""                   | []
			"9999999999999999999"| []
			""")
	void readsEtagsAsTheRfcHasThem(String value, String versions) {
		if (versions.equals("-")) {
			assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> IfMatch.versions(List.of(value)));
		}
		else {
			assertThat(IfMatch.versions(List.of(value))).hasToString(versions);
		}
	}

	@Test
	void takesAStarOrNothingForAnyVersion() {
		assertThat(IfMatch.versions(List.of())).isNull();
		assertThat(IfMatch.versions(List.of(" * "))).isNull();
		assertThat(IfMatch.versions(List.of("\"1\"", "\"2\""))).as("two lines").hasToString("[1, 2]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "three", "3", "\"3", "\"3\" \"4\"", "*, \"3\"", "w/\"3\"", "" })
	void refusesWhatIsNoEtag(String value) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> IfMatch.versions(List.of(value)))
			.withMessageContaining("invalid-if-match");
	}

}
