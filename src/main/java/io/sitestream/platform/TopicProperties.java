package io.sitestream.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where topics are.
 *
 * @param prefix put before the names of all topics and groups, so that several systems
 * can share a Kafka cluster
 * @param create whether missing topics are created at start
 * @param replicationFactor replicas of a topic that is created; -1 takes the broker's
 * default
 */
@ConfigurationProperties("sitestream.topics")
public record TopicProperties(@DefaultValue("") String prefix, @DefaultValue("true") boolean create,
		@DefaultValue("-1") short replicationFactor) {

	public TopicProperties {
		if (!prefix.matches("[A-Za-z0-9._-]{0,64}")) {
			throw new IllegalArgumentException(
					"sitestream.topics.prefix is '%s': at most 64 of the characters A-Z a-z 0-9 . _ - are allowed."
						.formatted(prefix));
		}
	}

}
