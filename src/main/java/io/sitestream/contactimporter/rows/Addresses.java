package io.sitestream.contactimporter.rows;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.sitestream.contactjobs.ContactColumns;
import io.sitestream.contactjobs.ContactColumns.Column;
import io.sitestream.contactjobs.ContactField;

/**
 * Puts addresses together from the columns of their parts.
 */
final class Addresses {

	private static final Pattern SEVERAL = Pattern.compile(":::");

	private Addresses() {
	}

	/**
	 * Reads the addresses of a row.
	 * @param columns the file's header
	 * @param cells gives the cell of a column, empty if it has none
	 * @return the addresses, in the order of their columns
	 */
	static List<Address> read(ContactColumns columns, Function<Column, String> cells) {
		Map<String, Map<ContactField, String>> groups = new LinkedHashMap<>();
		for (Column column : columns.columns()) {
			String cell = column.field().name().startsWith("ADDRESS") ? cells.apply(column) : "";
			if (!cell.isEmpty()) {
				groups.computeIfAbsent(column.group(), (group) -> new EnumMap<>(ContactField.class))
					.merge(column.field(), cell, (first, more) -> first + "\n" + more);
			}
		}
		return groups.values().stream().flatMap(Addresses::split).map(Addresses::address).toList();
	}

	/**
	 * Google writes several addresses of one kind into the same cells: what comes first
	 * in all of them is the first address, and so on.
	 */
	private static Stream<Map<ContactField, String>> split(Map<ContactField, String> parts) {
		Map<ContactField, String[]> values = new EnumMap<>(ContactField.class);
		parts.forEach((field, cell) -> values.put(field, SEVERAL.split(cell)));
		int most = values.values().stream().mapToInt((all) -> all.length).max().orElse(0);
		return IntStream.range(0, most).mapToObj((i) -> {
			Map<ContactField, String> address = new EnumMap<>(ContactField.class);
			values.forEach((field, all) -> {
				if (i < all.length && !all[i].isBlank()) {
					address.put(field, all[i].strip());
				}
			});
			return address;
		}).filter((address) -> !address.isEmpty());
	}

	private static Address address(Map<ContactField, String> parts) {
		return new Address(parts.get(ContactField.ADDRESS_STREET), parts.get(ContactField.ADDRESS_CITY),
				parts.get(ContactField.ADDRESS_REGION), parts.get(ContactField.ADDRESS_POSTAL_CODE),
				parts.get(ContactField.ADDRESS_COUNTRY), (parts.size() == 1) ? parts.get(ContactField.ADDRESS) : null);
	}

}
