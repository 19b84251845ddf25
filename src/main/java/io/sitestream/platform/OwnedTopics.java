package io.sitestream.platform;

import java.util.List;

/**
 * Topics that a module's HTTP edge writes, so that they are created and checked at start
 * although no function of this process may use them.
 *
 * @param topics the topics
 */
public record OwnedTopics(List<Topic<?>> topics) {

	public OwnedTopics(Topic<?>... topics) {
		this(List.of(topics));
	}

}
