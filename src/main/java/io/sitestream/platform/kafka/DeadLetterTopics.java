package io.sitestream.platform.kafka;

import java.util.Map;
import java.util.TreeMap;

import io.sitestream.platform.ProblemException;
import io.sitestream.platform.TopicNames;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The dead-letter topics of this process's functions.
 */
@Component
class DeadLetterTopics {

	private final FunctionBeans functions;

	private final FunctionSettings settings;

	private final TopicNames names;

	DeadLetterTopics(FunctionBeans functions, FunctionSettings settings, TopicNames names) {
		this.functions = functions;
		this.settings = settings;
		this.names = names;
	}

	/**
	 * The topics by full name.
	 * @return what is behind each of them
	 */
	Map<String, Source> all() {
		Map<String, Source> topics = new TreeMap<>();
		this.functions.all().forEach((name, function) -> {
			if (this.settings.isGrouped(name)) {
				function.declaration().inputs().forEach((input) -> {
					String topic = this.names.of(input);
					topics.put(this.names.deadLetters(topic, name), new Source(name, function, topic));
				});
			}
		});
		return topics;
	}

	/**
	 * What is behind a topic.
	 * @param topic the full name of a dead-letter topic
	 * @return the function and its input
	 * @throws ProblemException 404 {@code unknown-dead-letter-topic}
	 */
	Source source(String topic) {
		Map<String, Source> known = all();
		Source source = known.get(topic);
		if (source == null) {
			throw new ProblemException(HttpStatus.NOT_FOUND, "unknown-dead-letter-topic",
					"No function of this process has the dead-letter topic '%s'. Known are: %s.".formatted(topic,
							known.keySet()));
		}
		return source;
	}

	/**
	 * Where dead letters came from.
	 *
	 * @param name the function that could not process them
	 * @param function the function
	 * @param input the full name of the topic that they were in
	 */
	record Source(String name, BatchFunction function, String input) {

	}

}
