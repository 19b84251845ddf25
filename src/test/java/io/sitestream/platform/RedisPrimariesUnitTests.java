package io.sitestream.platform;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class RedisPrimariesUnitTests {

	@Test
	void settlesPrimariesThatAllPartitionsKnow() {
		assertThat(RedisPrimaries.settled(notes("sites:0", "a,b 7", "sites:1", "b,c 9"), 2)).containsExactly("b");
	}

	@Test
	void settlesNothingWhileAPartitionStillRepeats() {
		assertThat(RedisPrimaries.settled(notes("sites:0", "a,b 7"), 2)).isEmpty();
		assertThat(RedisPrimaries.settled(List.of(), 2)).isEmpty();
	}

	@Test
	void isNotMisledByTheNotesOfATopicThatIsNotConsumedAnyMore() {
		assertThat(RedisPrimaries.settled(notes("old-sites:0", "a 7", "sites:0", "b 7", "sites:1", "b 9"), 2))
			.containsExactly("b");
	}

	private static List<byte[]> notes(String... fieldsAndValues) {
		return Arrays.stream(fieldsAndValues).map((text) -> text.getBytes(UTF_8)).toList();
	}

}
