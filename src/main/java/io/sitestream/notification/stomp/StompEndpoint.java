package io.sitestream.notification.stomp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.notification.channel.ChannelHints;
import io.sitestream.notification.channel.ChannelLog;
import io.sitestream.notification.channel.NotificationProperties;
import jakarta.websocket.Session;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * STOMP 1.2 at {@code /ws}. The container's threads only take what comes in, in pieces,
 * so that a frame that is too long gets its answer; everything else happens on a
 * connection's own threads.
 */
@Component
class StompEndpoint extends AbstractWebSocketHandler implements SubProtocolCapable, SmartLifecycle {

	private final Map<String, StompConnection> connections = new ConcurrentHashMap<>();

	private final StompAccounts accounts;

	private final ChannelLog channels;

	private final ChannelHints hints;

	private final NotificationProperties properties;

	private volatile boolean running;

	StompEndpoint(StompAccounts accounts, ChannelLog channels, ChannelHints hints, NotificationProperties properties,
			MeterRegistry meters) {
		this.accounts = accounts;
		this.channels = channels;
		this.hints = hints;
		this.properties = properties;
		meters.gaugeMapSize("sitestream.stomp.connections", List.of(), this.connections);
	}

	@Override
	public List<String> getSubProtocols() {
		return List.of("v12.stomp");
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		limitSendTime(session);
		StompConnection connection = new StompConnection(session, this.properties);
		StompSession stomp = new StompSession(connection, this.accounts, this.channels, this.hints, this.properties);
		this.connections.put(session.getId(), connection);
		connection.start(stomp);
		if (!this.running) {
			connection.close(CloseStatus.GOING_AWAY);
		}
	}

	private void limitSendTime(WebSocketSession session) {
		Session tomcat = ((NativeWebSocketSession) session).getNativeSession(Session.class);
		if (tomcat != null) {
			tomcat.getUserProperties()
				.put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", this.properties.sendTimeout().toMillis());
		}
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	protected void handleTextMessage(WebSocketSession session, TextMessage message) {
		received(session, ByteBuffer.wrap(message.asBytes()));
	}

	@Override
	protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) {
		received(session, message.getPayload());
	}

	private void received(WebSocketSession session, ByteBuffer bytes) {
		StompConnection connection = this.connections.get(session.getId());
		if (connection != null) {
			connection.received(bytes);
		}
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) {
		afterConnectionClosed(session, CloseStatus.NO_CLOSE_FRAME);
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		StompConnection connection = this.connections.remove(session.getId());
		if (connection != null) {
			connection.closed();
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.connections.values().forEach((connection) -> connection.close(CloseStatus.GOING_AWAY));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
