package io.sitestream.contactjobs.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import io.sitestream.contactjobs.ColumnAliases;
import io.sitestream.platform.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files as people have them.
 */
class CsvFileUnitTests {

	@ParameterizedTest
	@ValueSource(strings = { ",", ";", "\t" })
	void findsTheDelimiterByItself(String delimiter) throws IOException {
		ContactFile file = open("name,email,phone\nAda,ada@example.org,1;2\n".replace(",", delimiter).getBytes());

		assertThat(file.columns().names()).containsExactly("name", "email", "phone");
	}

	@Test
	void takesTheDelimiterThatMakesSenseAndNotTheMostFrequentOne() throws IOException {
		ContactFile file = open("\"Name, Title, Suffix\";E-mail\n".getBytes());

		assertThat(file.columns().names()).containsExactly("Name, Title, Suffix", "E-mail");
	}

	@Test
	void keepsQuotedLineBreaksAndQuotesAndLeavesOutBlankLines() throws IOException {
		ContactFile file = open(
				"\r\n  \r\nname,email\r\n\r\n\"Ada\r\n\"\"King\"\"\",a@b.org\r\n   \r\n,\r\n".getBytes());

		assertThat(rows(file)).containsExactly(List.of("Ada\r\n\"King\"", "a@b.org"), List.of("", ""));
	}

	@Test
	void takesRowsOfAnotherWidthAsTheyAre() throws IOException {
		ContactFile file = open("name,email\nAda\nBob,b@b.org,more\n".getBytes());

		assertThat(rows(file)).containsExactly(List.of("Ada"), List.of("Bob", "b@b.org", "more"));
	}

	@ParameterizedTest
	@CsvSource({ "UTF-8,", "UTF-8,EFBBBF", "UTF-16LE,FFFE", "UTF-16BE,FEFF" })
	void readsUnicodeWithAndWithoutByteOrderMark(String charset, String mark) throws IOException {
		byte[] text = "name,email\nŁukasz 😀,l@example.org\n".getBytes(Charset.forName(charset));

		ContactFile file = open(concat(mark, text));

		assertThat(file.columns().names()).containsExactly("name", "email");
		assertThat(rows(file)).containsExactly(List.of("Łukasz 😀", "l@example.org"));
	}

	@Test
	void readsAnotherEncodingWhenTheClientNamesIt() throws IOException {
		Charset windows = Charset.forName("windows-1252");
		byte[] text = "name,email\nJürgen,j@example.org\n".getBytes(windows);

		ContactFile file = ContactFile.open(new Upload(new ByteArrayInputStream(text), Optional.of(windows), false),
				ColumnAliases.standard());

		assertThat(rows(file)).containsExactly(List.of("Jürgen", "j@example.org"));
	}

	@Test
	void doesNotGuessAnEncoding() {
		assertUnusable("name,email\nJürgen,j@example.org\n".getBytes(StandardCharsets.ISO_8859_1),
				"The byte 0xFC at position 12 is not UTF-8: save the file as UTF-8, or name its encoding in the content type, as in 'text/csv; charset=windows-1252'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  \n\t\r\n", "\uFEFF" })
	void refusesAnEmptyFile(String text) {
		assertUnusable(text.getBytes(StandardCharsets.UTF_8), "The file is empty.");
	}

	@Test
	void refusesWhatIsNoText() {
		assertUnusable("PK\u0003\u0004name,email\n".getBytes(),
				"The file is not text: it has control characters. A spreadsheet must be saved as CSV (UTF-8) first.");
	}

	@Test
	void refusesAHeaderWithoutAnyKnownColumn() {
		assertUnusable("date,amount\n2026-01-01,1\n".getBytes(),
				"None of the columns 'date, amount' is recognised: expected a header such as 'name,email,phone' or that of a Google Contacts, Outlook or Apple export.");
	}

	@Test
	void refusesWhatIsSentAsAVCardAndIsNone() {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> ContactFile.open(
					new Upload(new ByteArrayInputStream("name,email\n".getBytes()), Optional.empty(), true),
					ColumnAliases.standard()))
			.satisfies((ex) -> assertThat(ex.problem().detail())
				.isEqualTo("The file is sent as vCard, but does not begin with BEGIN:VCARD."));
	}

	@Test
	void decidesOnTheFirst64KiBEvenIfACharacterIsCutThere() throws IOException {
		StringBuilder text = new StringBuilder("name,email\n");
		while (text.length() < 100_000) {
			text.append("€€€,e@example.org\n");
		}

		ContactFile file = open(("x" + text).getBytes(StandardCharsets.UTF_8));

		assertThat(rows(file)).hasSize(text.toString().split("\n").length - 1);
	}

	private static List<List<String>> rows(ContactFile file) {
		List<List<String>> rows = new ArrayList<>();
		file.rows().forEachRemaining(rows::add);
		return rows;
	}

	private static ContactFile open(byte[] bytes) throws IOException {
		return ContactFile.open(new Upload(new ByteArrayInputStream(bytes), Optional.empty(), false),
				ColumnAliases.standard());
	}

	private static void assertUnusable(byte[] bytes, String detail) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> open(bytes)).satisfies((ex) -> {
			assertThat(ex.problem().type()).isEqualTo("urn:sitestream:problem:unusable-file");
			assertThat(ex.problem().detail()).isEqualTo(detail);
		});
	}

	private static byte[] concat(String mark, byte[] text) {
		byte[] prefix = (mark != null) ? HexFormat.of().parseHex(mark) : new byte[0];
		byte[] all = Arrays.copyOf(prefix, prefix.length + text.length);
		System.arraycopy(text, 0, all, prefix.length, text.length);
		return all;
	}

}
