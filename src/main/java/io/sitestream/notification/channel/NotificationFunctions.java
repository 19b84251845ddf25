package io.sitestream.notification.channel;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RedisRewind;
import io.sitestream.platform.RedisRewinds;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.notification.NotificationTopics.NOTIFICATIONS;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationProperties.class)
class NotificationFunctions {

	/**
	 * Nothing else fills a Redis that was emptied: then all that logs would hold comes
	 * again.
	 */
	@Bean
	RedisRewind notificationsRewind(RedisRewinds rewinds, NotificationProperties properties) {
		return rewinds.of("pushNotifications", properties.logRetention());
	}

	/**
	 * Delivered at least once; a sequence that is not above the last one of its source
	 * changes nothing.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> pushNotifications(Edge edge, NotificationAppender appender,
			RedisRewind notificationsRewind) {
		return edge.from(NOTIFICATIONS).rewinding(notificationsRewind).batch(appender::on);
	}

}
