package io.sitestream.platform;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process runs: feature modules, the engines that they bring along, their
 * functions and the servers they need.
 *
 * @param modules the feature modules
 * @param engines the engines that come with them
 * @param functions the functions, each with its module
 * @param leftOut functions of these modules that {@code sitestream.functions} leaves out
 * @param servers the servers that the modules need
 */
public record ModuleSelection(Set<String> modules, Set<String> engines, Map<String, String> functions,
		Set<String> leftOut, Set<Server> servers) {

	/**
	 * Reads {@code sitestream.modules} and {@code sitestream.functions}.
	 * @param catalog all modules that there are
	 * @param modules names, {@code *} for all, {@code -name} to leave one out; only names
	 * to leave out mean all others
	 * @param functions names that narrow the functions of these modules, or empty for all
	 * of them
	 * @return the selection
	 * @throws InvalidSelectionException if a name is unknown or nothing is left
	 */
	static ModuleSelection of(ModuleCatalog catalog, List<String> modules, List<String> functions) {
		Set<String> selected = selectModules(catalog, modules);
		Map<String, String> owners = new LinkedHashMap<>();
		selected.forEach((module) -> catalog.functions(module).forEach((function) -> owners.put(function, module)));
		Set<String> leftOut = new TreeSet<>(owners.keySet());
		narrow(owners, functions);
		leftOut.removeAll(owners.keySet());
		Set<String> engines = selected.stream()
			.flatMap((module) -> catalog.engines(module).stream())
			.collect(Collectors.toCollection(TreeSet::new));
		Set<Server> servers = EnumSet.noneOf(Server.class);
		selected.forEach((module) -> servers.addAll(catalog.servers(module)));
		return new ModuleSelection(Collections.unmodifiableSet(selected), engines, Collections.unmodifiableMap(owners),
				leftOut, servers);
	}

	public boolean needs(Server server) {
		return this.servers.contains(server);
	}

	/**
	 * Whether beans of a module belong into this process.
	 * @param module the name of a feature module or an engine
	 * @return whether it was selected or is needed by one that was
	 */
	public boolean includes(String module) {
		return this.modules.contains(module) || this.engines.contains(module);
	}

	private static Set<String> selectModules(ModuleCatalog catalog, List<String> names) {
		Set<String> known = catalog.features();
		Set<String> selected = new LinkedHashSet<>();
		if (names.stream().allMatch((name) -> name.startsWith("-") || name.equals("*"))) {
			selected.addAll(known);
		}
		for (String name : names) {
			String module = name.startsWith("-") ? name.substring(1) : name;
			if (!module.equals("*") && !known.contains(module)) {
				throw new InvalidSelectionException("sitestream.modules", module, known);
			}
			if (module.equals("*")) {
				selected.addAll(known);
			}
			else if (!name.startsWith("-")) {
				selected.add(module);
			}
		}
		names.stream()
			.filter((name) -> name.startsWith("-"))
			.map((name) -> name.substring(1))
			.forEach(selected::remove);
		if (selected.isEmpty()) {
			throw new InvalidSelectionException("sitestream.modules", String.join(",", names), known);
		}
		return selected;
	}

	private static void narrow(Map<String, String> owners, List<String> names) {
		if (names.isEmpty()) {
			return;
		}
		Set<String> known = new TreeSet<>(owners.keySet());
		Stream.of(names.toArray(String[]::new))
			.filter((name) -> !known.contains(name))
			.findFirst()
			.ifPresent((name) -> {
				throw new InvalidSelectionException("sitestream.functions", name, known);
			});
		owners.keySet().retainAll(names);
	}

}
