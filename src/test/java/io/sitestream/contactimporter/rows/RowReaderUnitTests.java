package io.sitestream.contactimporter.rows;

import java.util.List;

import io.sitestream.contactjobs.ContactColumns;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RowReaderUnitTests {

	@Test
	void readsAGoogleRow() throws RejectedRowException {
		ContactValues values = read(
				"First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,Address 1 - Street,Address 1 - Extended Address,Address 1 - City,Birthday,Custom Field 1",
				"Augusta,Ada,Lovelace,* myContacts ::: Friends,* Home,ada@example.org ::: Ada@Example.org ::: a@b.co,+44 20 7946 0018 ::: +442079460018,12 St James's,Flat 2,London,1815-12-10,likes engines",
				null);

		assertThat(values.text(TextField.FULL_NAME)).hasValue("Augusta Ada Lovelace");
		assertThat(values.text(TextField.GIVEN_NAME)).hasValue("Augusta");
		assertThat(values.list(ListField.EMAILS)).containsExactly("ada@example.org", "a@b.co");
		assertThat(values.list(ListField.PHONES)).containsExactly("+442079460018");
		assertThat(values.list(ListField.LABELS)).containsExactly("myContacts", "Friends");
		assertThat(values.addresses())
			.containsExactly(new Address("12 St James's\nFlat 2", "London", null, null, null, null));
		assertThat(values.text(TextField.BIRTHDAY)).hasValue("1815-12-10");
		assertThat(values.text(TextField.NOTES)).hasValue("Custom Field 1: likes engines");
	}

	@Test
	void readsAnOutlookRow() throws RejectedRowException {
		ContactValues values = read(
				"Title,First Name,Last Name,Suffix,Company,Job Title,Business Street,Business City,Business Country/Region,Home City,Business Phone,Mobile Phone,Birthday,Categories,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Notes",
				"Dr.,Grace,Hopper,PhD,US Navy,Admiral,1 Navy Yard,Washington,United States of America,Arlington,(202) 456-1111,,0/0/00,Work;Navy,grace@example.org,SMTP,Grace (grace@example.org),hopper@example.org,found a bug",
				"US");

		assertThat(values.text(TextField.FULL_NAME)).hasValue("Dr. Grace Hopper PhD");
		assertThat(values.list(ListField.EMAILS)).containsExactly("grace@example.org", "hopper@example.org");
		assertThat(values.list(ListField.PHONES)).containsExactly("+12024561111");
		assertThat(values.list(ListField.LABELS)).containsExactly("Work", "Navy");
		assertThat(values.addresses()).containsExactly(
				new Address("1 Navy Yard", "Washington", null, null, "United States of America", null),
				new Address(null, "Arlington", null, null, null, null));
		assertThat(values.text(TextField.BIRTHDAY)).isEmpty();
		assertThat(values.text(TextField.NOTES)).hasValue("found a bug");
	}

	@Test
	void readsARowThatIsShorterThanTheHeader() throws RejectedRowException {
		ContactValues values = read("email,name,phone,company", "ada@example.org,Ada", null);

		assertThat(values.text(TextField.FULL_NAME)).hasValue("Ada");
		assertThat(values.text(TextField.COMPANY)).isEmpty();
	}

	@Test
	void takesAnAddressInOneCellOnlyWhereThereAreNoParts() throws RejectedRowException {
		assertThat(read("email,address", "a@b.co,Here 1", null).addresses())
			.containsExactly(new Address(null, null, null, null, null, "Here 1"));
		assertThat(read("email,Address 1 - Formatted,Address 1 - City", "a@b.co,Here 1\nThere,There", null).addresses())
			.containsExactly(new Address(null, "There", null, null, null, null));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					name,email          | Ada,                    |    | no-identifier: the row has neither an e-mail nor a phone number.
					name,email          | Ada,ada                 |    | invalid-email: column 'email', value 'ada': expected an address such as name@example.org.
					name,email          | Ada,ada@localhost       |    | invalid-email: column 'email', value 'ada@localhost': expected an address such as name@example.org.
					name,email          | Ada,a@b.co;b..c@b.co    |    | invalid-email: column 'email', value 'b..c@b.co': expected an address such as name@example.org.
					Name,Mobile Phone   | Ada,030 901820          |    | phone-region: column 'Mobile Phone', value '030 901820': a national number: write it with + and country code, or import with defaultRegion.
					name,phone          | Ada,call me             | US | invalid-phone: column 'phone', value 'call me': expected a number such as +211 912 345 678.
					name,phone          | Ada,+1 23               |    | invalid-phone: column 'phone', value '+1 23': no number of its country has this length (too short).
					email,birthday      | a@b.co,03/04/1990       |    | ambiguous-birthday: column 'birthday', value '03/04/1990': day and month cannot be told apart: write it as year-month-day.
					email,birthday      | a@b.co,1990-02-30       |    | invalid-birthday: column 'birthday', value '1990-02-30': expected a date such as 1906-12-09.
					name,email          | Ada,a@b.co,moved        |    | too-many-values: column '', value 'moved': the row has more values than the header has names (2): a quote may be missing.
					name,email          | A\u0007da,a@b.co        |    | control-character: column 'name', value 'A da': the value has a control character.
					""")
	void rejectsABadRowWholeWithColumnValueAndReason(String header, String row, @Nullable String region,
			String reason) {
		assertThatExceptionOfType(RejectedRowException.class)
			.isThrownBy(() -> read(header, row.replace("\\u0007", "\u0007"), region))
			.withMessage(reason);
	}

	@ParameterizedTest
	@CsvSource({ "1906-12-09,1906-12-09", "19061209,1906-12-09", "1906/12/9,1906-12-09", "9.12.1906,1906-12-09",
			"25/12/1906,1906-12-25", "12/25/1906,1906-12-25", "05/05/1990,1990-05-05", "--12-09,--12-09" })
	void readsBirthdaysInTheCommonOrders(String cell, String birthday) throws RejectedRowException {
		assertThat(read("email,birthday", "a@b.co," + cell, null).text(TextField.BIRTHDAY)).hasValue(birthday);
	}

	@ParameterizedTest
	@CsvSource({ "first.last+tag@example.org", "o'brien@example.co.uk", "jürgen@müller.de", "用户@例子.广告", "a@b.co" })
	void takesAddressesOfAnyScript(String email) throws RejectedRowException {
		assertThat(read("email", email, null).list(ListField.EMAILS)).containsExactly(email);
	}

	private static ContactValues read(String header, String row, @Nullable String region) throws RejectedRowException {
		return new RowReader(ContactColumns.of(List.of(header.split(","))), region).read(1, List.of(row.split(",", -1)))
			.values();
	}

}
