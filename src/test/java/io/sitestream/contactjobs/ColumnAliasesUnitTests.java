package io.sitestream.contactjobs;

import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.sitestream.contactjobs.ContactColumns.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ColumnAliasesUnitTests {

	@Test
	void namesFromTheConfigurationAreAddedAndWin() {
		ColumnAliases aliases = properties(Map.of("full-name", List.of("Kontakt"), "email", List.of("E-Post", "Post #"),
				"GIVENNAME", List.of("Vorname"), "notes", List.of("Company")))
			.columns();

		ContactColumns columns = aliases
			.columns(List.of("kontakt", "e-post", "Post 12", "VORNAME", "Company", "Phone", "Post", "Email"));

		assertThat(columns.columns()).extracting(Column::field)
			.containsExactly(ContactField.FULL_NAME, ContactField.EMAIL, ContactField.EMAIL, ContactField.GIVEN_NAME,
					ContactField.NOTES, ContactField.PHONE, ContactField.UNKNOWN, ContactField.EMAIL);
		assertThat(ContactColumns.of(List.of("Kontakt")).recognised()).as("the standard is as it was").isZero();
	}

	@Test
	void aNameIsTheSameInEveryNormalForm() {
		ColumnAliases aliases = properties(Map.of("given-name", List.of("Prénom"), "phone", List.of("Téléphone #")))
			.columns();

		for (Normalizer.Form form : Normalizer.Form.values()) {
			assertThat(aliases
				.columns(List.of(Normalizer.normalize("PRÉNOM", form), Normalizer.normalize("téléphone 2", form)))
				.columns()).extracting(Column::field).containsExactly(ContactField.GIVEN_NAME, ContactField.PHONE);
		}
	}

	@Test
	void whoDoesNotKnowANameTakesItsMeaningAlong() {
		ContactColumns columns = ColumnAliases.standard()
			.with(Map.of("email", List.of("E-Post")))
			.columns(List.of("E-Post", "Address 2 - City", "colour", "Home Street"));

		assertThat(columns.meanings()).containsExactly("EMAIL", "ADDRESS_CITY 2", "", "ADDRESS_STREET home");
		assertThat(ContactColumns.of(columns.names(), columns.meanings())).isEqualTo(columns);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"mail|Post|sitestream.contactjobs.aliases: 'mail' is no field of a contact: allowed are full-name, ",
			"email|-|sitestream.contactjobs.aliases: Column '-' is given to field email: a name needs a letter or digit, and one field." })
	void refusesWhatMeansNothing(String field, String name, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> properties(Map.of(field, List.of(name))))
			.withMessageStartingWith(message);
	}

	@Test
	void refusesANameForTwoFields() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> properties(Map.of("email", List.of("Post #"), "phone", List.of("post#"))))
			.withMessageContaining("is given to field");
	}

	private static ContactJobsProperties properties(Map<String, List<String>> aliases) {
		return new ContactJobsProperties(DataSize.ofMegabytes(1), Duration.ofSeconds(60), Duration.ofMinutes(10),
				Duration.ofDays(30), aliases);
	}

}
