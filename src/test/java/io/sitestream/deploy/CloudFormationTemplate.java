package io.sitestream.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A template as CloudFormation would understand it with some parameters: its functions
 * are carried out, and a name that there is not is an error.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html">Intrinsic
 * functions</a>
 */
final class CloudFormationTemplate {

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9:.]+)}");

	private static final Object NOTHING = new Object();

	private final Map<String, Object> template;

	private final Map<String, Object> values = new LinkedHashMap<>();

	CloudFormationTemplate(Path file, Map<String, String> parameters) throws IOException {
		this.template = map(new Yaml(new Tags()).load(Files.readString(file)));
		this.values.put("AWS::NoValue", NOTHING);
		this.values.put("AWS::Partition", "aws");
		map(this.template.get("Parameters")).forEach((name, declared) -> {
			Object value = parameters.containsKey(name) ? parameters.get(name) : text(map(declared).get("Default"));
			this.values.put(name, typed(name, map(declared), Objects.requireNonNull(value)));
		});
		parameters.keySet().forEach((name) -> map(map(this.template.get("Parameters")).get(name)));
		map(this.template.get("Resources")).keySet().forEach((name) -> this.values.put(name, name));
	}

	Map<String, Object> globals() {
		return map(resolve(map(this.template.get("Globals")).get("Function")));
	}

	/**
	 * The resources of a type.
	 * @param type the type
	 * @return their properties by name
	 */
	Map<String, Map<String, Object>> resources(String type) {
		Map<String, Map<String, Object>> found = new LinkedHashMap<>();
		map(this.template.get("Resources")).forEach((name, resource) -> {
			if (type.equals(map(resource).get("Type"))) {
				found.put(name, map(resolve(map(resource).get("Properties"))));
			}
		});
		return found;
	}

	List<String> types() {
		return map(this.template.get("Resources")).values()
			.stream()
			.map((resource) -> text(map(resource).get("Type")))
			.distinct()
			.toList();
	}

	private Object resolve(@Nullable Object node) {
		if (node instanceof List<?> list) {
			List<Object> resolved = new ArrayList<>();
			list.forEach((each) -> resolved.add(resolve(each)));
			resolved.removeIf((each) -> each == NOTHING);
			return resolved;
		}
		if (!(node instanceof Map<?, ?>)) {
			return Objects.requireNonNull(node);
		}
		Map<String, Object> map = map(node);
		String key = map.keySet().iterator().next();
		if (map.size() == 1 && (key.equals("Ref") || key.startsWith("Fn::"))) {
			return call(key, Objects.requireNonNull(map.get(key)));
		}
		Map<String, Object> resolved = new LinkedHashMap<>();
		map.forEach((name, value) -> resolved.put(name, resolve(value)));
		resolved.values().removeIf((each) -> each == NOTHING);
		return resolved;
	}

	private Object call(String function, Object argument) {
		return switch (function) {
			case "Ref" -> value(text(argument));
			case "Fn::GetAtt" -> "arn:aws:iam::123456789012:role/" + value(text(argument).split("\\.")[0]);
			case "Fn::Sub" -> (argument instanceof List<?> list)
					? substituted(text(list.get(0)), map(resolve(list.get(1)))) : substituted(text(argument), Map.of());
			case "Fn::If" -> {
				List<Object> list = list(argument);
				yield resolve(holds(Map.of("Condition", list.get(0))) ? list.get(1) : list.get(2));
			}
			case "Fn::Join" -> {
				List<Object> list = list(resolve(argument));
				yield String.join(text(list.get(0)), list(list.get(1)).stream().map(Object::toString).toList());
			}
			case "Fn::Select" -> {
				List<Object> list = list(resolve(argument));
				yield list(list.get(1)).get(Integer.parseInt(text(list.get(0))));
			}
			default -> throw new IllegalArgumentException("No function " + function);
		};
	}

	private boolean holds(Object condition) {
		Map<String, Object> map = map(condition);
		String function = map.keySet().iterator().next();
		Object argument = map.get(function);
		return switch (function) {
			case "Condition" -> holds(map(map(this.template.get("Conditions")).get(text(argument))));
			case "Fn::Not" -> !holds(list(argument).getFirst());
			case "Fn::Equals" -> {
				List<Object> list = list(resolve(argument));
				yield text(list.get(0)).equals(text(list.get(1)));
			}
			default -> throw new IllegalArgumentException("No condition " + function);
		};
	}

	private String substituted(String text, Map<String, Object> local) {
		return VARIABLE.matcher(text).replaceAll((variable) -> {
			String name = variable.group(1);
			return Matcher.quoteReplacement(text(local.containsKey(name) ? local.get(name) : value(name)));
		});
	}

	private Object value(String name) {
		Object value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("No parameter and no resource " + name);
		}
		return value;
	}

	private static Object typed(String name, Map<String, Object> declared, Object value) {
		String type = text(declared.get("Type"));
		Object allowed = declared.get("AllowedValues");
		if (allowed != null && !list(allowed).contains(value)) {
			throw new IllegalArgumentException(name + " cannot be " + value);
		}
		if (type.equals("Number")) {
			return Integer.valueOf(text(value));
		}
		return (type.equals("CommaDelimitedList") || type.startsWith("List<")) ? List.of(text(value).split(","))
				: value;
	}

	private static String text(@Nullable Object value) {
		return Objects.requireNonNull(value).toString();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(@Nullable Object value) {
		return (Map<String, Object>) Objects.requireNonNull(value);
	}

	@SuppressWarnings("unchecked")
	private static List<Object> list(@Nullable Object value) {
		return (List<Object>) Objects.requireNonNull(value);
	}

	/** The short forms of functions, as {@code !Ref}, in their long form. */
	private static final class Tags extends SafeConstructor {

		Tags() {
			super(options());
			for (String tag : List.of("Ref", "Condition", "GetAtt", "Sub", "If", "Equals", "Not", "Join", "Select")) {
				String name = (tag.equals("Ref") || tag.equals("Condition")) ? tag : "Fn::" + tag;
				this.yamlConstructors.put(new Tag("!" + tag), new AbstractConstruct() {
					@Override
					public Object construct(Node node) {
						return Map.of(name, argument(node));
					}
				});
			}
		}

		/** CloudFormation knows no aliases. */
		private static LoaderOptions options() {
			LoaderOptions options = new LoaderOptions();
			options.setMaxAliasesForCollections(0);
			options.setAllowDuplicateKeys(false);
			return options;
		}

		private Object argument(Node node) {
			return switch (node) {
				case ScalarNode scalar -> constructScalar(scalar);
				case SequenceNode sequence -> constructSequence(sequence);
				case MappingNode mapping -> constructMapping(mapping);
				default -> throw new IllegalArgumentException("A function of " + node);
			};
		}

	}

}
