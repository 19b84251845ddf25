package io.sitestream.notification;

import java.time.Duration;

import io.sitestream.platform.Topic;

/**
 * The topics of this module.
 */
public final class NotificationTopics {

	/** Keyed by channel id. */
	public static final Topic<Notification> NOTIFICATIONS = Topic
		.retained("notifications", Notification.class, 6, Duration.ofDays(3))
		.keyedBy("channelId", Notification::channelId);

	private NotificationTopics() {
	}

}
