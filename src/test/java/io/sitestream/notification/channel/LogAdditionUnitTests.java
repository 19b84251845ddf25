package io.sitestream.notification.channel;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogAdditionUnitTests {

	@Test
	void writesSequencesSoThatTheySortAsText() {
		List<String> texts = Stream
			.of(Long.MIN_VALUE, Long.MIN_VALUE + 1, -10L, -9L, -1L, 0L, 1L, 9L, 10L, 9_007_199_254_740_992L,
					9_007_199_254_740_993L, Long.MAX_VALUE)
			.map(LogAddition::sortable)
			.toList();

		assertThat(texts).isSorted().doesNotHaveDuplicates().allMatch((text) -> text.matches("\\d{20}"));
	}

}
