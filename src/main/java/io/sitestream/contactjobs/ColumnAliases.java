package io.sitestream.contactjobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sitestream.contactjobs.ContactColumns.Column;

/**
 * The names that columns have in the exports that people have. All of them stand in
 * {@code columns.csv} beside this class.
 */
final class ColumnAliases {

	private static final String RESOURCE = "columns.csv";

	private static final String NUMBER = "#";

	private final Map<String, Alias> exact = new HashMap<>();

	private final List<Numbered> numbered = new ArrayList<>();

	static ColumnAliases load() {
		ColumnAliases aliases = new ColumnAliases();
		try (InputStream resource = Objects.requireNonNull(ColumnAliases.class.getResourceAsStream(RESOURCE), RESOURCE);
				CsvReader<CsvRecord> lines = CsvReader.builder()
					.commentStrategy(CommentStrategy.SKIP)
					.ofCsvRecord(resource, StandardCharsets.UTF_8)) {
			lines.forEach(
					(line) -> aliases.add(ContactField.valueOf(line.getField(0)), line.getField(1), line.getField(2)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return aliases;
	}

	Column column(int index, String name) {
		String normalised = normalise(name);
		Alias alias = this.exact.get(normalised);
		if (alias != null) {
			return new Column(index, name, alias.field(), alias.group());
		}
		for (Numbered candidate : this.numbered) {
			Matcher matcher = candidate.pattern().matcher(normalised);
			if (matcher.matches()) {
				return new Column(index, name, candidate.alias().field(), candidate.alias().group() + matcher.group(1));
			}
		}
		return new Column(index, name, ContactField.UNKNOWN, "");
	}

	private void add(ContactField field, String name, String group) {
		Alias alias = new Alias(field, group);
		if (name.contains(NUMBER)) {
			String[] parts = name.split(NUMBER, 2);
			this.numbered
				.add(new Numbered(Pattern.compile(normalise(parts[0]) + "(\\d+)" + normalise(parts[1])), alias));
		}
		else if (this.exact.put(normalise(name), alias) != null) {
			throw new IllegalStateException("Column '%s' stands twice in %s.".formatted(name, RESOURCE));
		}
	}

	private static String normalise(String name) {
		return name.toLowerCase(Locale.ROOT)
			.codePoints()
			.filter(Character::isLetterOrDigit)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private record Alias(ContactField field, String group) {

	}

	private record Numbered(Pattern pattern, Alias alias) {

	}

}
