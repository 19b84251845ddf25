package io.sitestream.platform.modules;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;

import org.springframework.modulith.ApplicationModule;

/**
 * All feature modules, read from the marks on their packages, and the functions that
 * their binding files name.
 */
final class ModuleCatalog {

	private static final String ROOT = "io.sitestream.";

	private static final Set<String> FEATURES = Set.of("site", "appswriter", "appsreader", "notification",
			"contactjobs", "contactimporter", "business", "bookings", "ticketing");

	private static final Set<String> ENGINES = Set.of("projection", "kvstore", "platform");

	private final Map<String, Package> packages = new LinkedHashMap<>();

	private final Map<String, Set<String>> functions;

	private final Map<String, Set<String>> needs;

	/**
	 * Creates the catalog.
	 * @param functions the names of the functions of each module that has some
	 * @param needs the functions that a function cannot do without, for those that have
	 * some
	 */
	ModuleCatalog(Map<String, Set<String>> functions, Map<String, Set<String>> needs) {
		this.functions = functions;
		this.needs = needs;
		new TreeSet<>(FEATURES).forEach((name) -> this.packages.put(name, packageOf(name)));
	}

	static Set<String> featureNames() {
		return new TreeSet<>(FEATURES);
	}

	static boolean isModule(String name) {
		return FEATURES.contains(name) || ENGINES.contains(name);
	}

	Set<String> features() {
		return this.packages.keySet();
	}

	Set<String> functions(String module) {
		return this.functions.getOrDefault(module, Set.of());
	}

	/**
	 * Adds what functions cannot do without.
	 * @param names names of functions
	 * @return these and all that they need
	 */
	Set<String> withNeeded(Collection<String> names) {
		Set<String> all = new TreeSet<>();
		Deque<String> next = new ArrayDeque<>(names);
		while (!next.isEmpty()) {
			String name = next.remove();
			if (all.add(name)) {
				next.addAll(this.needs.getOrDefault(name, Set.of()));
			}
		}
		return all;
	}

	Set<String> engines(String module) {
		ApplicationModule mark = feature(module).getAnnotation(ApplicationModule.class);
		return Arrays.stream(mark.allowedDependencies()).filter(ENGINES::contains).collect(Collectors.toSet());
	}

	Set<Server> servers(String module) {
		Needs needs = feature(module).getAnnotation(Needs.class);
		return EnumSet.copyOf(Arrays.asList(needs.value()));
	}

	private Package feature(String module) {
		Package found = this.packages.get(module);
		if (found == null) {
			throw new IllegalArgumentException("No feature module '%s'.".formatted(module));
		}
		return found;
	}

	private static Package packageOf(String module) {
		try {
			return Class.forName(ROOT + module + ".package-info").getPackage();
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("Module '%s' has no package-info.".formatted(module), ex);
		}
	}

}
