package io.sitestream.contactjobs;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SpreadsheetCellUnitTests {

	@ParameterizedTest
	@ValueSource(strings = { "=1+1", "+1+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "'=1", "''+1", "--12-09",
			"+49 30 1", "+1=cmd|' /C calc'!A0", "+491 ::: =1", "'", "''", "O'Neill", "'tis", "+4930901820",
			"+4930901820 ::: +211912345678", "", "a=b", "=1\n2" })
	void isReadAsTheValueThatWasWritten(String value) {
		String cell = SpreadsheetCell.of(value);

		assertThat(SpreadsheetCell.value(cell)).isEqualTo(value);
		assertThat(SpreadsheetCell.value(SpreadsheetCell.harmless(value))).isEqualTo(SpreadsheetCell.value(value));
		assertThat(cell).doesNotMatch("(?s)\\s*[=@-].*");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "=1, '=1", "+1+1, '+1+1", "'=1, ''=1", "O'Neill, O'Neill",
			"+4930901820, +4930901820", "'tis, 'tis" })
	void hasAnApostropheOnlyWhereItIsNeeded(String value, String cell) {
		assertThat(SpreadsheetCell.of(value)).isEqualTo(cell);
	}

}
