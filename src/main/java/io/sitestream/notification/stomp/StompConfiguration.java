package io.sitestream.notification.stomp;

import io.sitestream.notification.channel.NotificationProperties;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/**
 * Where the WebSocket is. Pages of other origins are refused unless they are allowed by
 * {@code sitestream.notification.allowed-origins}.
 */
@EnableWebSocket
@Configuration(proxyBeanMethods = false)
class StompConfiguration implements WebSocketConfigurer {

	private final StompEndpoint endpoint;

	private final NotificationProperties properties;

	StompConfiguration(StompEndpoint endpoint, NotificationProperties properties) {
		this.endpoint = endpoint;
		this.properties = properties;
	}

	@Override
	public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
		registry.addHandler(this.endpoint, "/ws")
			.setAllowedOrigins(this.properties.allowedOrigins().toArray(String[]::new));
	}

}
