package io.sitestream.contactjobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.sitestream.contactjobs.ContactColumns.Column;

/**
 * The names that columns have in the exports that people have. Those that everybody needs
 * stand in {@code columns.csv} beside this class; a configuration may add others, and
 * give a name another meaning. Case, spaces, punctuation and normal form of a name play
 * no role, {@code #} stands for a number. Immutable.
 */
public final class ColumnAliases {

	private static final String RESOURCE = "columns.csv";

	private static final String NUMBER = "#";

	private static final ColumnAliases STANDARD = load();

	private final Map<String, Alias> exact;

	private final List<Numbered> numbered;

	private ColumnAliases(Map<String, Alias> exact, List<Numbered> numbered) {
		this.exact = exact;
		this.numbered = numbered;
	}

	/**
	 * The names that {@code columns.csv} has.
	 * @return the aliases
	 */
	public static ColumnAliases standard() {
		return STANDARD;
	}

	/**
	 * Adds names, which win over those that are there.
	 * @param names by field, written as {@code full-name}
	 * @return more aliases
	 * @throws IllegalArgumentException if there is no such field, or if a name is empty
	 * or given to two fields
	 */
	public ColumnAliases with(Map<String, List<String>> names) {
		ColumnAliases own = new ColumnAliases(new HashMap<>(), new ArrayList<>());
		names.forEach((field, aliases) -> aliases.forEach((name) -> {
			if (normalise(name).isEmpty() || !own.add(ContactField.of(field), name, "")) {
				throw new IllegalArgumentException(
						"Column '%s' is given to field %s: a name needs a letter or digit, and one field."
							.formatted(name, field));
			}
		}));
		Map<String, Alias> exact = new HashMap<>(this.exact);
		exact.putAll(own.exact);
		List<Numbered> numbered = new ArrayList<>(own.numbered);
		numbered.addAll(this.numbered);
		return new ColumnAliases(exact, numbered);
	}

	/**
	 * Understands a header.
	 * @param header the names as they stand in the file
	 * @return the columns
	 */
	public ContactColumns columns(List<String> header) {
		return new ContactColumns(
				IntStream.range(0, header.size()).mapToObj((index) -> column(index, header.get(index))).toList());
	}

	private Column column(int index, String name) {
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

	private static ColumnAliases load() {
		ColumnAliases aliases = new ColumnAliases(new HashMap<>(), new ArrayList<>());
		try (InputStream resource = Objects.requireNonNull(ColumnAliases.class.getResourceAsStream(RESOURCE), RESOURCE);
				CsvReader<CsvRecord> lines = CsvReader.builder()
					.commentStrategy(CommentStrategy.SKIP)
					.ofCsvRecord(resource, StandardCharsets.UTF_8)) {
			lines.forEach((line) -> {
				if (!aliases.add(ContactField.valueOf(line.getField(0)), line.getField(1), line.getField(2))) {
					throw new IllegalStateException(
							"Column '%s' has two meanings in %s.".formatted(line.getField(1), RESOURCE));
				}
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return aliases;
	}

	/**
	 * Adds a name.
	 * @return whether it had no other meaning
	 */
	private boolean add(ContactField field, String name, String group) {
		Alias alias = new Alias(field, group);
		if (!name.contains(NUMBER)) {
			return alias.equals(this.exact.computeIfAbsent(normalise(name), (key) -> alias));
		}
		String[] parts = name.split(NUMBER, 2);
		String pattern = normalise(parts[0]) + "(\\d+)" + normalise(parts[1]);
		boolean isAnother = this.numbered.stream()
			.anyMatch((known) -> known.pattern().pattern().equals(pattern) && !known.alias().equals(alias));
		return !isAnother && this.numbered.add(new Numbered(Pattern.compile(pattern), alias));
	}

	private static String normalise(String name) {
		return Normalizer.normalize(name, Normalizer.Form.NFC)
			.toLowerCase(Locale.ROOT)
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
