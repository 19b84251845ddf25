package io.sitestream.contactjobs.tracking;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BatchNumbersUnitTests {

	@Test
	void writesNeighboursAsRanges() {
		BatchNumbers numbers = BatchNumbers.NONE.with(3).with(1).with(2).with(7).with(3);

		assertThat(numbers).hasToString("1-3,7");
		assertThat(numbers.contains(2)).isTrue();
		assertThat(numbers.contains(4)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1", "1-512,514", "2,4,6-9" })
	void readsWhatItWrites(String ranges) {
		assertThat(BatchNumbers.parse(ranges)).hasToString(ranges);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "1-", "-1", "1,", "1--2", "1-2-3" })
	void refusesOtherTexts(String ranges) {
		assertThatIllegalArgumentException().isThrownBy(() -> BatchNumbers.parse(ranges))
			.withMessage("'" + ranges + "' are no batch numbers: expected the form 1-512,514.");
	}

	@Test
	void readsAnyNumberOfRanges() {
		BatchNumbers numbers = BatchNumbers.NONE;
		for (int batch = 1; batch < 20_000; batch += 2) {
			numbers = numbers.with(batch);
		}

		assertThat(BatchNumbers.parse(numbers.toString())).isEqualTo(numbers);
	}

}
