package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.sitestream.platform.OwnedTopics;
import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicNames;
import io.sitestream.platform.TopicProperties;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The topics that this process needs: what its functions consume and emit, their dead
 * letters, and what its HTTP edges write.
 */
@Component
class TopicPlan {

	private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(14);

	private static final Duration LONGEST_SEGMENT = Duration.ofDays(1);

	private final FunctionBeans functions;

	private final ObjectProvider<OwnedTopics> owned;

	private final TopicNames names;

	private final FunctionSettings settings;

	private final TopicProperties properties;

	TopicPlan(FunctionBeans functions, ObjectProvider<OwnedTopics> owned, TopicNames names, FunctionSettings settings,
			TopicProperties properties) {
		this.functions = functions;
		this.owned = owned;
		this.names = names;
		this.settings = settings;
		this.properties = properties;
	}

	/**
	 * All topics by full name.
	 * @return the topics, with the configuration that they are created with
	 */
	Map<String, NewTopic> topics() {
		Map<String, NewTopic> planned = new TreeMap<>();
		List<Topic<?>> declared = new ArrayList<>();
		this.owned.stream().forEach((owned) -> declared.addAll(owned.topics()));
		this.functions.all().forEach((name, function) -> {
			declared.addAll(function.declaration().inputs());
			declared.addAll(function.declaration().outputs());
			if (this.settings.isGrouped(name)) {
				function.declaration().inputs().forEach((input) -> add(planned, deadLetters(input, name)));
			}
		});
		declared.forEach((topic) -> add(planned, newTopic(topic)));
		return planned;
	}

	private static void add(Map<String, NewTopic> planned, NewTopic topic) {
		planned.put(topic.name(), topic);
	}

	private NewTopic newTopic(Topic<?> topic) {
		return new NewTopic(this.names.of(topic), topic.partitions(), this.properties.replicationFactor())
			.configs((topic.retention() != null) ? retained(topic.retention())
					: Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
	}

	private NewTopic deadLetters(Topic<?> input, String function) {
		return new NewTopic(this.names.deadLetters(this.names.of(input), function), 1,
				this.properties.replicationFactor())
			.configs(deadLetters());
	}

	/**
	 * A dead letter is larger than its record: its headers say where it came from and why
	 * it is here.
	 */
	private static Map<String, String> deadLetters() {
		Map<String, String> configs = new TreeMap<>(retained(DEAD_LETTERS_KEPT));
		configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RecordWriter.LARGEST_LETTER));
		return configs;
	}

	/**
	 * Records go by the segment, so a record lives longer by as much as a segment is
	 * open: with the broker's default a week.
	 */
	private static Map<String, String> retained(Duration retention) {
		long segment = Math.min(retention.toMillis() / 7, LONGEST_SEGMENT.toMillis());
		return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
				TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()), TopicConfig.SEGMENT_MS_CONFIG,
				Long.toString(segment));
	}

}
