package io.sitestream.platform.modules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Serving;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * Turns {@code sitestream.modules} into what Spring needs to know before it makes beans:
 * the binding files of the selected modules and the function definition, which is empty
 * where functions are called: none is bound then. Both have the lowest precedence, so
 * that any binding can be overridden.
 */
class ModuleSelectionPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String SOURCE = "sitestream bindings of ";

	private static final Pattern FUNCTION = Pattern
		.compile("spring\\.cloud\\.stream\\.bindings\\.(\\w+)-in-0\\.destination");

	/** In a module's binding file: what a function cannot do without. */
	private static final Pattern NEED = Pattern.compile("sitestream\\.function-needs\\.(\\w+)");

	private final ConfigurableBootstrapContext bootstrap;

	ModuleSelectionPostProcessor(ConfigurableBootstrapContext bootstrap) {
		this.bootstrap = bootstrap;
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER + 10;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, List<PropertySource<?>>> bindings = new LinkedHashMap<>();
		Map<String, Set<String>> functions = new LinkedHashMap<>();
		Map<String, Set<String>> needs = new LinkedHashMap<>();
		for (String module : ModuleCatalog.featureNames()) {
			List<PropertySource<?>> sources = load(module);
			bindings.put(module, sources);
			functions.put(module, functionsIn(sources));
			needs.putAll(needsIn(sources));
		}
		Serving serving = Serving
			.named(Binder.get(environment).bind(Serving.PROPERTY, String.class).orElse(Serving.KAFKA.toString()));
		ModuleSelection selection = ModuleSelector.select(new ModuleCatalog(functions, needs),
				list(environment, "sitestream.modules"), list(environment, "sitestream.functions"));
		if (serving.isCalled() && selection.functions().isEmpty()) {
			throw InvalidSelectionException.nothingToCall(serving, selection.modules());
		}
		selection.modules()
			.forEach((module) -> bindings.getOrDefault(module, List.of())
				.forEach((source) -> environment.getPropertySources().addLast(source)));
		environment.getPropertySources()
			.addLast(new MapPropertySource("sitestream functions",
					Map.of("spring.cloud.function.definition",
							serving.isCalled() ? "" : String.join(";", selection.functions().keySet()),
							"spring.cloud.stream.function.autodetect", false)));
		this.bootstrap
			.addCloseListener((closed) -> register(selection, closed.getApplicationContext().getBeanFactory()));
	}

	private static void register(ModuleSelection selection, ConfigurableListableBeanFactory beans) {
		beans.registerSingleton("moduleSelection", selection);
		beans.registerSingleton("moduleTypeExcludeFilter", new ModuleTypeExcludeFilter(selection));
	}

	private static List<String> list(ConfigurableEnvironment environment, String property) {
		return Binder.get(environment)
			.bind(property, Bindable.listOf(String.class))
			.orElse(List.of())
			.stream()
			.map(String::trim)
			.filter((name) -> !name.isEmpty())
			.toList();
	}

	private static List<PropertySource<?>> load(String module) {
		Resource file = new ClassPathResource("bindings/" + module + ".yml");
		if (!file.exists()) {
			return List.of();
		}
		try {
			return new YamlPropertySourceLoader().load(SOURCE + module, file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + file, ex);
		}
	}

	private static Map<String, Set<String>> needsIn(List<PropertySource<?>> sources) {
		Map<String, Set<String>> needs = new LinkedHashMap<>();
		for (PropertySource<?> source : sources) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				Matcher matcher = NEED.matcher(name);
				if (matcher.matches()) {
					String needed = String.valueOf(source.getProperty(name));
					needs.put(matcher.group(1), Set.of(needed.split("\\s*,\\s*")));
				}
			}
		}
		return needs;
	}

	private static Set<String> functionsIn(List<PropertySource<?>> sources) {
		Set<String> functions = new TreeSet<>();
		for (PropertySource<?> source : sources) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				Matcher matcher = FUNCTION.matcher(name);
				if (matcher.matches()) {
					functions.add(matcher.group(1));
				}
			}
		}
		return functions;
	}

}
