package io.sitestream.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Options in the form {@code --name=value}; by default those of the development run.
 */
final class BenchOptions {

	private static final Map<String, String> DEFAULTS = Map.ofEntries(Map.entry("sites", "20000"),
			Map.entry("seed", "1"), Map.entry("version", "1"), Map.entry("to", "site-metadata"),
			Map.entry("kafka", "127.0.0.1:29092"), Map.entry("redis", "127.0.0.1:26380"),
			Map.entry("http", "127.0.0.1:8080"), Map.entry("topics-prefix", ""), Map.entry("seconds", "10"),
			Map.entry("clients", "16"), Map.entry("fill", "true"));

	private final Map<String, String> values = new HashMap<>(DEFAULTS);

	private BenchOptions() {
	}

	static BenchOptions of(String[] args) {
		BenchOptions options = new BenchOptions();
		Arrays.stream(args).forEach(options::add);
		return options;
	}

	private void add(String argument) {
		String[] parts = argument.split("=", 2);
		if (parts.length != 2 || !parts[0].startsWith("--") || !DEFAULTS.containsKey(parts[0].substring(2))) {
			throw new IllegalArgumentException("'%s' is no option: expected --name=value with one of %s."
				.formatted(argument, new TreeSet<>(DEFAULTS.keySet())));
		}
		this.values.put(parts[0].substring(2), parts[1]);
	}

	String text(String name) {
		return this.values.getOrDefault(name, "");
	}

	int number(String name) {
		try {
			return Integer.parseInt(text(name));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--%s is '%s': expected a number.".formatted(name, text(name)), ex);
		}
	}

	boolean isOn(String name) {
		return Boolean.parseBoolean(text(name));
	}

}
