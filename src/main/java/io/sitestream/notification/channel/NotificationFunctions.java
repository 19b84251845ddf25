package io.sitestream.notification.channel;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.notification.NotificationTopics.NOTIFICATIONS;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationProperties.class)
class NotificationFunctions {

	/**
	 * Delivered at least once; a sequence that is not above the last one of its source
	 * changes nothing.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> pushNotifications(Edge edge, NotificationAppender appender) {
		return edge.from(NOTIFICATIONS).batch(appender::on);
	}

}
