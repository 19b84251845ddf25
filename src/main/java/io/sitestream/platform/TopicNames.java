package io.sitestream.platform;

import java.util.Locale;

import org.springframework.stereotype.Component;

/**
 * The names that topics and groups have in Kafka.
 */
@Component
public class TopicNames {

	private final String prefix;

	TopicNames(TopicProperties properties) {
		this.prefix = properties.prefix();
	}

	public String of(Topic<?> topic) {
		return this.prefix + topic.name();
	}

	/**
	 * The group of a function.
	 * @param function the function
	 * @return its name in kebab case, with the prefix
	 */
	public String group(String function) {
		return this.prefix + function.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	/**
	 * The topic that keeps what a function could not process.
	 * @param topic the full name of the topic that the record came from
	 * @param function the function
	 * @return {@code <topic>.<group>.dlq}, with the prefix once
	 */
	public String deadLetters(String topic, String function) {
		return topic + "." + group(function).substring(this.prefix.length()) + ".dlq";
	}

}
