package io.sitestream.notification.channel;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CursorUnitTests {

	@ParameterizedTest
	@CsvSource(emptyValue = "", textBlock = """
			# position, epoch, first kept, last,  lost
			0,          e,     1,          0,     -
			0,          e,     1,          9,     -
			9,          e,     1,          9,     -
			10,         e,     1,          9,     beyond-end
			4,          e,     5,          9,     -
			3,          e,     5,          9,     trimmed
			0,          e,     5,          9,     trimmed
			9,          e,     10,         9,     -
			8,          e,     10,         9,     trimmed
			4,          f,     1,          9,     other-epoch
			0,          f,     1,          0,     other-epoch
			4,          '',    1,          9,     no-epoch
			""")
	void goesOnOnlyWhereTheNextEntryIsStillKept(long position, String epoch, long first, long last, String lost) {
		LogPage page = new LogPage("e", last, first, List.of());

		assertThat(new Cursor(position, epoch).lossIn(page).map(ContinuityLoss::reason).orElse("-")).isEqualTo(lost);
	}

	@ParameterizedTest
	@CsvSource({ "1, 0", "1, 9", "5, 9", "10, 9" })
	void findsNothingLostAtTheBeginning(long first, long last) {
		LogPage page = new LogPage("e", last, first, List.of());

		assertThat(page.beginning().lossIn(page)).isEmpty();
	}

}
