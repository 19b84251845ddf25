package io.sitestream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.sitestream.platform.FunctionCalls;
import io.sitestream.platform.kafka.FunctionTable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What runs, what is configured and what the README says are the same. A misspelt name
 * would only be a warning to the framework.
 */
@SitestreamTest
class BindingsTests {

	private static final Pattern ROW = Pattern
		.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

	private static final Pattern CALLED = Pattern.compile("\\| `(\\w+)` \\| (yes|no) \\| ([^|]+) \\|");

	@Autowired
	ApplicationContext context;

	@Autowired
	Environment environment;

	@Autowired
	BindingServiceProperties bindings;

	@Autowired
	FunctionTable table;

	@Autowired
	FunctionCalls calls;

	@Test
	void functionBeansDefinitionAndBindingsAreTheSame() {
		Set<String> beans = new TreeSet<>();
		this.context.getBeansOfType(Consumer.class).forEach((name, bean) -> {
			if (bean.getClass().getPackageName().startsWith("io.sitestream")) {
				beans.add(name);
			}
		});
		Set<String> definition = new TreeSet<>(
				Arrays.asList(this.environment.getRequiredProperty("spring.cloud.function.definition").split(";")));
		Set<String> inputs = this.bindings.getBindings()
			.keySet()
			.stream()
			.map((name) -> name.replace("-in-0", ""))
			.collect(Collectors.toCollection(TreeSet::new));

		assertThat(beans).isEqualTo(definition).isEqualTo(inputs).isEqualTo(this.table.rows().keySet());
	}

	@Test
	void theReadmeTellsTheFunctionTable() throws IOException {
		Map<String, FunctionTable.Row> told = new TreeMap<>();
		for (String line : Files.readAllLines(Path.of("README.md"))) {
			Matcher row = ROW.matcher(line);
			if (row.matches()) {
				told.put(row.group(1), new FunctionTable.Row(row.group(2), topics(row.group(3)), topics(row.group(4)),
						row.group(5).startsWith("none") ? "" : row.group(5).replace("`", "").trim()));
			}
		}

		assertThat(told).isEqualTo(this.table.rows());
	}

	@Test
	void theReadmeTellsWhichFunctionsMayBeCalled() throws IOException {
		Map<String, Boolean> told = new TreeMap<>();
		for (String line : Files.readAllLines(Path.of("README.md"))) {
			Matcher row = CALLED.matcher(line);
			if (row.matches()) {
				told.put(row.group(1), row.group(2).equals("yes"));
			}
		}
		Map<String, Boolean> real = new TreeMap<>();
		this.calls.callable().keySet().forEach((name) -> real.put(name, true));
		this.calls.refused().keySet().forEach((name) -> real.put(name, false));

		assertThat(told).isEqualTo(real).containsOnlyKeys(this.table.rows().keySet());
	}

	@Test
	void aFunctionThatMayNotBeCalledIsNot() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.calls.call("deriveTimeZones", List.of()))
			.withMessage(
					"deriveTimeZones may not be called: it writes time-zones, which is compacted, in one Kafka transaction with its input offsets, which the next owner of a partition fences, and whoever calls owns none.");
		assertThatIllegalArgumentException().isThrownBy(() -> this.calls.call("refreshCountries", List.of()))
			.withMessageContaining("it reads its topic from the beginning into this process's memory");
		assertThatIllegalArgumentException().isThrownBy(() -> this.calls.call("settleSiteCommands", List.of()))
			.withMessageContaining("it has no group, so every instance has to hear every record");
		assertThatIllegalArgumentException().isThrownBy(() -> this.calls.call("deriveTimezones", List.of()))
			.withMessageContaining("No function 'deriveTimezones' here. Known are: ");
	}

	@Test
	void theReadmeDrawsTheFunctionTable() throws IOException {
		Map<String, Set<String>> consumed = new TreeMap<>();
		Map<String, Set<String>> emitted = new TreeMap<>();
		Set<String> functions = this.table.rows().keySet();
		functions.forEach((name) -> {
			consumed.put(name, new TreeSet<>(this.table.rows().get(name).consumes()));
			emitted.put(name, new TreeSet<>(this.table.rows().get(name).emits()));
		});
		Map<String, Set<String>> drawnConsumed = new TreeMap<>();
		Map<String, Set<String>> drawnEmitted = new TreeMap<>();
		functions.forEach((name) -> {
			drawnConsumed.put(name, new TreeSet<>());
			drawnEmitted.put(name, new TreeSet<>());
		});
		Files.readAllLines(Path.of("README.md")).stream().filter((line) -> line.contains(" --> ")).forEach((line) -> {
			String[] nodes = line.trim().split(" --> ");
			for (int i = 1; i < nodes.length; i++) {
				drawnConsumed.getOrDefault(nodes[i], new TreeSet<>()).add(nodes[i - 1]);
				drawnEmitted.getOrDefault(nodes[i - 1], new TreeSet<>()).add(nodes[i]);
			}
		});

		assertThat(drawnConsumed).isEqualTo(consumed);
		assertThat(drawnEmitted).isEqualTo(emitted);
	}

	@Test
	void destinationsAreTheTopicsThatFunctionsConsume() {
		Map<String, Set<String>> destinations = new LinkedHashMap<>();
		String prefix = this.environment.getRequiredProperty("sitestream.topics.prefix");
		this.bindings.getBindings()
			.forEach((name, binding) -> destinations.put(name.replace("-in-0", ""),
					Arrays.stream(binding.getDestination().split(","))
						.map((topic) -> topic.trim().substring(prefix.length()))
						.collect(Collectors.toSet())));

		assertThat(destinations).allSatisfy(
				(name, topics) -> assertThat(topics).isEqualTo(Set.copyOf(this.table.rows().get(name).consumes())));
	}

	@Test
	void thereIsOneRebalanceListenerAndOneContainerCustomizer() {
		assertThat(this.context.getBeansOfType(KafkaBindingRebalanceListener.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(ListenerContainerCustomizer.class)).hasSize(1);
	}

	private static List<String> topics(String cell) {
		return Arrays.stream(cell.split(","))
			.map(String::trim)
			.filter((topic) -> topic.startsWith("`"))
			.map((topic) -> topic.replace("`", ""))
			.toList();
	}

}
