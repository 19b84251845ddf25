package io.sitestream.contactjobs.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.contactjobs.ColumnAliases;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class VCardFileUnitTests {

	@Test
	void readsVersion21WithQuotedPrintableAndOtherEncodings() throws IOException {
		Map<String, String> row = row("""
				BEGIN:VCARD
				VERSION:2.1
				N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;Dr.
				TEL;HOME;VOICE:+49 30 901820
				TEL;CELL:+49 170 1234567
				EMAIL;INTERNET:juergen@example.org
				ADR;WORK;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:;;Hauptstra=C3=9Fe 1;Berlin;;10115;Deutschland
				ORG:M=FCll & Co;Einkauf
				NOTE;ENCODING=QUOTED-PRINTABLE:first line=0D=0A=
				second line
				BDAY:19801224
				END:VCARD
				""".replace("M=FCll", "Muell"));

		assertThat(row).containsEntry("Name", "Dr. Jürgen Müller")
			.containsEntry("Given Name", "Jürgen")
			.containsEntry("Family Name", "Müller")
			.containsEntry("Email", "juergen@example.org")
			.containsEntry("Phone", "'+49 30 901820 ::: +49 170 1234567")
			.containsEntry("Company", "Muell & Co")
			.containsEntry("Birthday", "1980-12-24")
			.containsEntry("Address 1 - Street", "Hauptstraße 1")
			.containsEntry("Address 1 - City", "Berlin")
			.containsEntry("Address 1 - Postal Code", "10115")
			.containsEntry("Address 1 - Country", "Deutschland");
		assertThat(row.get("Notes").lines()).containsExactly("first line", "second line", "Department: Einkauf");
	}

	@Test
	void readsVersion30AsApplesAddressBookWritesIt() throws IOException {
		Map<String, String> row = row("""
				BEGIN:VCARD
				VERSION:3.0
				PRODID:-//Apple Inc.//iOS 18.0//EN
				N:Lovelace;Ada;;;
				FN:Ada Lovelace
				item1.EMAIL;type=INTERNET;type=pref:ada@example.org
				item1.X-ABLabel:_$!<Other>!$_
				EMAIL;type=WORK:ada.lovelace@engines.
				 example
				item2.ADR;type=HOME:;;12 St James's Square\\, first floor;London;;SW1Y 4JH;United Kingdom
				item2.X-ABADR:gb
				BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10
				CATEGORIES:Friends,Mathematics
				NOTE:Poet of\\nscience
				URL:https://example.org/ada
				X-SOCIALPROFILE;type=twitter:https://example.org/@ada
				PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==
				UID:4711
				REV:2026-01-01T00:00:00Z
				END:VCARD
				""");

		assertThat(row).containsEntry("Name", "Ada Lovelace")
			.containsEntry("Email", "ada@example.org ::: ada.lovelace@engines.example")
			.containsEntry("Birthday", "'--12-10")
			.containsEntry("Labels", "Friends ::: Mathematics")
			.containsEntry("Address 1 - Street", "12 St James's Square, first floor")
			.containsEntry("Address 1 - City", "London");
		assertThat(row.get("Notes").lines()).containsExactlyInAnyOrder("Poet of", "science",
				"Url: https://example.org/ada", "X-SOCIALPROFILE: https://example.org/@ada", "Photo: not imported");
	}

	@Test
	void readsVersion40AndSeveralCards() throws IOException {
		String cards = """
				BEGIN:VCARD
				VERSION:4.0
				FN:Ben
				TEL;VALUE=uri;TYPE="voice,home":tel:+211-912-345-678;ext=5
				EMAIL:ben@example.org
				BDAY:--0203
				ADR;LABEL="Juba^nSouth Sudan":;;;;;;
				END:VCARD
				BEGIN:VCARD
				VERSION:4.0
				FN:=HYPERLINK("x")
				END:VCARD
				""";

		List<List<String>> rows = rows(cards);

		assertThat(rows).hasSize(2);
		assertThat(row(cards)).containsEntry("Phone", "'+211-912-345-678")
			.containsEntry("Birthday", "'--02-03")
			.containsEntry("Address 1 - Formatted", "Juba\nSouth Sudan");
		assertThat(rows.get(1)).containsExactly("'=HYPERLINK(\"x\")");
	}

	@Test
	void endsWhereACardNeverDoes() {
		byte[] head = "BEGIN:VCARD\nVERSION:3.0\nNOTE:".getBytes(StandardCharsets.UTF_8);
		byte[] line = "x".repeat(VCardFile.MAX_CARD_CHARS + 100_000).getBytes(StandardCharsets.UTF_8);
		InputStream content = new SequenceInputStream(new ByteArrayInputStream(head), new ByteArrayInputStream(line));

		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> ContactFile.open(new Upload(content, Optional.empty(), true), ColumnAliases.standard())
				.rows()
				.hasNext())
			.withCauseInstanceOf(RowTooLargeException.class);
	}

	private static Map<String, String> row(String cards) throws IOException {
		ContactFile file = open(cards);
		List<String> row = file.rows().next();
		Map<String, String> cells = new HashMap<>();
		for (int i = 0; i < row.size(); i++) {
			cells.put(file.columns().names().get(i), row.get(i));
		}
		return cells;
	}

	private static List<List<String>> rows(String cards) throws IOException {
		List<List<String>> rows = new ArrayList<>();
		open(cards).rows().forEachRemaining(rows::add);
		return rows;
	}

	private static ContactFile open(String cards) throws IOException {
		return ContactFile
			.open(new Upload(new ByteArrayInputStream(cards.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)),
					Optional.empty(), true), ColumnAliases.standard());
	}

}
