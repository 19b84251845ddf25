package io.sitestream.contactjobs;

import java.util.List;
import java.util.stream.Collectors;

import io.sitestream.contactjobs.ContactColumns.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ContactColumnsUnitTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					plain        | name,E-MAIL,Phone_Number,Shoe size                    | FULL_NAME,EMAIL,PHONE,UNKNOWN
					google, old  | Name,Given Name,Family Name,Birthday,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 12 - Value,Address 1 - City,Organization 1 - Name,Organization 1 - Title | FULL_NAME,GIVEN_NAME,FAMILY_NAME,BIRTHDAY,NOTES,LABELS,IGNORED,EMAIL,PHONE,ADDRESS_CITY,COMPANY,JOB_TITLE
					google, new  | First Name,Middle Name,Last Name,Name Prefix,Organization Name,Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Postal Code | GIVEN_NAME,ADDITIONAL_NAME,FAMILY_NAME,NAME_PREFIX,COMPANY,JOB_TITLE,LABELS,IGNORED,EMAIL,IGNORED,PHONE,ADDRESS_POSTAL_CODE
					outlook      | Title,First Name,Last Name,Company,Job Title,Business Street,Home City,Business Phone 2,Mobile Phone,E-mail Address,E-mail 2 Address,E-mail Type,Categories | NAME_PREFIX,GIVEN_NAME,FAMILY_NAME,COMPANY,JOB_TITLE,ADDRESS_STREET,ADDRESS_CITY,PHONE,PHONE,EMAIL,EMAIL,IGNORED,LABELS
					apple        | First name,Last name,Organization,Email,Phone,Street,City,State,ZIP,Country,Note | GIVEN_NAME,FAMILY_NAME,COMPANY,EMAIL,PHONE,ADDRESS_STREET,ADDRESS_CITY,ADDRESS_REGION,ADDRESS_POSTAL_CODE,ADDRESS_COUNTRY,NOTES
					rejections   | email,Import_Row,IMPORT_ERROR                         | EMAIL,IGNORED,IGNORED
					""")
	void understandsTheExportsThatPeopleHave(String export, String header, String fields) {
		ContactColumns columns = ContactColumns.of(List.of(header.split(",")));

		assertThat(columns.columns().stream().map((column) -> column.field().name()).collect(Collectors.joining(",")))
			.as(export)
			.isEqualTo(fields);
	}

	@Test
	void tellsTheAddressesOfOneContactApart() {
		ContactColumns columns = ContactColumns
			.of(List.of("Address 1 - City", "Address 2 - City", "Home City", "Business City", "City"));

		assertThat(columns.columns()).extracting(Column::group).containsExactly("1", "2", "home", "business", "");
	}

	@Test
	void recognisesNothingInAFileAboutSomethingElse() {
		assertThat(ContactColumns.of(List.of("import_row", "amount", "")).recognised()).isZero();
	}

}
