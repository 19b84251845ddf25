package io.sitestream.shapes;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.sitestream.platform.Server;

/**
 * What the contract says of a module, or of several in one process.
 *
 * @param servers the servers that it connects to
 * @param groups the groups that its functions consume in
 * @param paths paths that only it answers
 */
record ModuleRow(Set<Server> servers, Set<String> groups, Set<String> paths) {

	/** Columns: module, servers, groups, paths. */
	private static final String TABLE = """
			site             KAFKA,POSTGRESQL  apply-site-commands     /api/sites/s,/api/site-commands/c
			appswriter       KAFKA,REDIS       project-installed-apps  -
			appsreader       REDIS             -                       /api/installed-apps/by-app/a
			contactjobs      KAFKA             track-contact-imports   /api/contact-imports,/api/contact-imports/i
			contactimporter  KAFKA,POSTGRESQL  import-contacts         /api/contacts,/api/contact-imports/i/rejections
			notification     KAFKA,REDIS       push-notifications      /ws,/console/console.js
			business         KAFKA             -                       /api/countries
			bookings         KAFKA             derive-time-zones       /api/bookings/time-zones
			ticketing        KAFKA             -                       /api/ticketing/time-zones
			""";

	private static final Map<String, ModuleRow> ROWS = rows();

	/**
	 * What a process of these modules is.
	 * @param modules names, separated by commas
	 * @return the union of their rows
	 */
	static ModuleRow of(String modules) {
		List<ModuleRow> rows = Arrays.stream(modules.split(",")).map(ROWS::get).toList();
		return new ModuleRow(union(rows, ModuleRow::servers), union(rows, ModuleRow::groups),
				union(rows, ModuleRow::paths));
	}

	static Collection<ModuleRow> all() {
		return ROWS.values();
	}

	private static <T> Set<T> union(List<ModuleRow> rows, Function<ModuleRow, Set<T>> column) {
		return rows.stream().map(column).flatMap(Set::stream).collect(Collectors.toSet());
	}

	private static Map<String, ModuleRow> rows() {
		Map<String, ModuleRow> rows = new LinkedHashMap<>();
		TABLE.lines()
			.map((line) -> line.trim().split("\\s+"))
			.forEach((cells) -> rows.put(cells[0],
					new ModuleRow(set(cells[1]).stream().map(Server::valueOf).collect(Collectors.toSet()),
							set(cells[2]), set(cells[3]))));
		return rows;
	}

	private static Set<String> set(String cell) {
		return cell.equals("-") ? Set.of() : new TreeSet<>(List.of(cell.split(",")));
	}

}
