package io.sitestream.deploy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the chart renders from some values, as a cluster would get it.
 *
 * @param objects the objects
 */
record RenderedChart(List<JsonNode> objects) {

	static final Path CHART = Path.of("helm", "sitestream");

	private static final JsonMapper MAPPER = new JsonMapper();

	/**
	 * Renders the chart.
	 * @param valuesFile a file beside the chart, or an empty text for the defaults
	 * @param settings what {@code --set} would say, as {@code name=value}
	 * @return what comes of it
	 * @throws IllegalStateException if the chart refuses, with its sentence
	 */
	static RenderedChart of(String valuesFile, String... settings) {
		TemplateCommand command = new Helm(CHART).template().withName("prod").withKubeVersion("1.34.0");
		if (!valuesFile.isEmpty()) {
			command.withValuesFile(CHART.resolve(valuesFile));
		}
		for (String setting : settings) {
			int equals = setting.indexOf('=');
			command.set(setting.substring(0, equals), setting.substring(equals + 1));
		}
		return new RenderedChart(
				StreamSupport.stream(new Yaml().loadAll(command.call().replace("\\n", "\n")).spliterator(), false)
					.filter(Objects::nonNull)
					.map((document) -> (JsonNode) MAPPER.valueToTree(document))
					.toList());
	}

	List<JsonNode> ofKind(String kind) {
		return this.objects.stream().filter((object) -> object.at("/kind").asString().equals(kind)).toList();
	}

	JsonNode deployment(String component) {
		return ofKind("Deployment").stream()
			.filter((object) -> object.at("/metadata/name").asString().equals("prod-" + component))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No deployment prod-" + component));
	}

	/**
	 * The variables of a deployment's container.
	 * @param component the deployment's name in the values
	 * @return the values by name; those from elsewhere are empty
	 */
	Map<String, String> environment(String component) {
		Map<String, String> environment = new LinkedHashMap<>();
		deployment(component).at("/spec/template/spec/containers/0/env")
			.forEach((variable) -> environment.put(variable.at("/name").asString(), variable.at("/value").asString()));
		return environment;
	}

	/**
	 * Where the Ingress sends requests.
	 * @return names of services by path
	 */
	Map<String, String> routes() {
		Map<String, String> routes = new LinkedHashMap<>();
		ofKind("Ingress").forEach((ingress) -> ingress.at("/spec/rules/0/http/paths")
			.forEach((path) -> routes.put(path.at("/path").asString(), path.at("/backend/service/name").asString())));
		return routes;
	}

}
