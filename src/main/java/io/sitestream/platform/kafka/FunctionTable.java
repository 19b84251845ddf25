package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.sitestream.platform.Topic;

import org.springframework.stereotype.Component;

/**
 * The functions of this process as they really are: what the README's table is compared
 * with.
 */
@Component
public class FunctionTable {

	private final FunctionBeans functions;

	private final FunctionSettings settings;

	FunctionTable(FunctionBeans functions, FunctionSettings settings) {
		this.functions = functions;
		this.settings = settings;
	}

	/**
	 * The functions by name.
	 * @return a row for each
	 */
	public Map<String, Row> rows() {
		Map<String, Row> rows = new TreeMap<>();
		this.functions.all()
			.forEach((name, function) -> rows.put(name,
					new Row(this.settings.module(name), names(function.declaration().inputs()),
							names(function.declaration().outputs()), this.settings.group(name))));
		return rows;
	}

	private static List<String> names(List<Topic<?>> topics) {
		return topics.stream().map(Topic::name).toList();
	}

	/**
	 * A function.
	 *
	 * @param module where it belongs
	 * @param consumes the topics that it consumes, without prefix
	 * @param emits the topics that it may emit to, without prefix
	 * @param group its group without prefix, empty if it has none
	 */
	public record Row(String module, List<String> consumes, List<String> emits, String group) {

	}

}
