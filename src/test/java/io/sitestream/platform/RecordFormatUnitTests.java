package io.sitestream.platform;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

	private Thing read(String json) {
		return this.format.read(json.getBytes(UTF_8), Thing.class);
	}

	record Thing(String name, @Nullable Instant at) {

	}

}
