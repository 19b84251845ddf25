package io.sitestream.platform.modules;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Server;

/**
 * Reads what a process should run.
 */
final class ModuleSelector {

	private ModuleSelector() {
	}

	/**
	 * Reads {@code sitestream.modules} and {@code sitestream.functions}.
	 * @param catalog all modules that there are
	 * @param modules names, {@code *} for all, {@code -name} to leave one out; only names
	 * to leave out mean all others
	 * @param functions names that narrow the functions of these modules, {@code *} or
	 * nothing for all of them, {@code -name} to leave one out; only names to leave out
	 * mean all others. Those that a remaining one cannot do without come with it
	 * @return the selection
	 * @throws InvalidSelectionException if a name is unknown or nothing is left
	 */
	static ModuleSelection select(ModuleCatalog catalog, List<String> modules, List<String> functions) {
		Set<String> selected = selectModules(catalog, modules);
		Map<String, String> owners = new LinkedHashMap<>();
		selected.forEach((module) -> catalog.functions(module).forEach((function) -> owners.put(function, module)));
		Set<String> leftOut = new TreeSet<>(owners.keySet());
		narrow(owners, functions, catalog);
		leftOut.removeAll(owners.keySet());
		Set<String> engines = selected.stream()
			.flatMap((module) -> catalog.engines(module).stream())
			.collect(Collectors.toCollection(TreeSet::new));
		Set<Server> servers = EnumSet.noneOf(Server.class);
		selected.forEach((module) -> servers.addAll(catalog.servers(module)));
		return new ModuleSelection(Collections.unmodifiableSet(selected), engines, Collections.unmodifiableMap(owners),
				leftOut, servers);
	}

	private static Set<String> selectModules(ModuleCatalog catalog, List<String> names) {
		Set<String> known = catalog.features();
		Set<String> selected = chosen(names, known, InvalidSelectionException::unknownModule);
		if (selected.isEmpty()) {
			throw InvalidSelectionException.nothingLeft(String.join(",", names), known);
		}
		return selected;
	}

	private static void narrow(Map<String, String> owners, List<String> names, ModuleCatalog catalog) {
		if (names.isEmpty()) {
			return;
		}
		Set<String> known = new TreeSet<>(owners.keySet());
		owners.keySet().retainAll(catalog.withNeeded(chosen(names, known, InvalidSelectionException::unknownFunction)));
	}

	/**
	 * Reads names, {@code *} for all that are known, and {@code -name}, which wins.
	 */
	private static Set<String> chosen(List<String> names, Set<String> known,
			BiFunction<String, Set<String>, InvalidSelectionException> unknown) {
		Set<String> chosen = new LinkedHashSet<>();
		if (names.stream().allMatch((name) -> name.startsWith("-") || name.equals("*"))) {
			chosen.addAll(known);
		}
		for (String name : names) {
			String bare = name.startsWith("-") ? name.substring(1) : name;
			if (!bare.equals("*") && !known.contains(bare)) {
				throw unknown.apply(bare, known);
			}
			if (bare.equals("*")) {
				chosen.addAll(known);
			}
			else if (!name.startsWith("-")) {
				chosen.add(bare);
			}
		}
		names.stream().filter((name) -> name.startsWith("-")).map((name) -> name.substring(1)).forEach(chosen::remove);
		return chosen;
	}

}
