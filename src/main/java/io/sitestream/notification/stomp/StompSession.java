package io.sitestream.notification.stomp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.sitestream.notification.channel.ChannelHints;
import io.sitestream.notification.channel.ChannelLog;
import io.sitestream.notification.channel.NotificationProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.CloseStatus;

/**
 * What one client may say, and what follows. Used by the connection's thread alone.
 */
final class StompSession implements AutoCloseable {

	private static final int MOST_SUBSCRIPTIONS = 64;

	private final Map<String, ChannelSubscription> subscriptions = new HashMap<>();

	private final StompConnection connection;

	private final StompAccounts accounts;

	private final ChannelLog channels;

	private final ChannelHints hints;

	private final NotificationProperties properties;

	private @Nullable String account;

	StompSession(StompConnection connection, StompAccounts accounts, ChannelLog channels, ChannelHints hints,
			NotificationProperties properties) {
		this.connection = connection;
		this.accounts = accounts;
		this.channels = channels;
		this.hints = hints;
		this.properties = properties;
	}

	void fail(StompFault fault) {
		this.connection.fail(fault, null);
	}

	void take(StompHeaderAccessor frame) {
		try {
			StompCommand command = Objects.requireNonNull(frame.getCommand());
			if (this.account == null) {
				connect(command, frame);
				return;
			}
			switch (command) {
				case SUBSCRIBE -> subscribe(SubscriptionRequest.of(frame), this.account);
				case UNSUBSCRIBE -> unsubscribe(frame);
				case DISCONNECT -> disconnect(frame);
				// the position is the acknowledgement
				case ACK, NACK -> this.connection.receipt(frame.getReceipt());
				default -> throw StompFault.of("%s is not possible here.".formatted(command),
						"Channels are for listening: SUBSCRIBE, UNSUBSCRIBE or DISCONNECT.");
			}
		}
		catch (StompFault ex) {
			this.connection.fail(ex, frame.getReceipt());
		}
	}

	private void connect(StompCommand command, StompHeaderAccessor frame) {
		if (command != StompCommand.CONNECT && command != StompCommand.STOMP) {
			throw StompFault.of("%s came first.".formatted(command), "Expected CONNECT.");
		}
		String versions = frame.getFirstNativeHeader("accept-version");
		if (versions == null || !Arrays.asList(versions.strip().split("\\s*,\\s*")).contains("1.2")) {
			throw StompFault.unknownVersion(versions);
		}
		String connected = this.accounts.of(frame);
		this.connection.connected(frame.getFirstNativeHeader("heart-beat"));
		this.account = connected;
	}

	private void subscribe(SubscriptionRequest request, String account) {
		if (this.subscriptions.containsKey(request.id())) {
			throw StompFault.of("Subscription '%s' exists.".formatted(request.id()),
					"Every subscription of a connection needs an id of its own.");
		}
		if (this.subscriptions.size() == MOST_SUBSCRIPTIONS) {
			throw StompFault.of("There are %d subscriptions.".formatted(MOST_SUBSCRIPTIONS),
					"A connection can have no more.");
		}
		ChannelSubscription subscription = new ChannelSubscription(request, account, this.channels, this.hints,
				this.properties.pollInterval(), this.connection);
		this.subscriptions.put(request.id(), subscription);
		Thread.ofVirtual().name("channel-" + this.connection.id()).start(subscription);
	}

	private void unsubscribe(StompHeaderAccessor frame) {
		ChannelSubscription subscription = this.subscriptions.remove(frame.getFirstNativeHeader("id"));
		if (subscription == null) {
			throw StompFault.of("Subscription '%s' does not exist.".formatted(frame.getFirstNativeHeader("id")),
					"There are %s.".formatted(this.subscriptions.keySet()));
		}
		subscription.cancel();
		this.connection.receipt(frame.getReceipt());
	}

	private void disconnect(StompHeaderAccessor frame) {
		this.connection.receipt(frame.getReceipt());
		this.connection.close(CloseStatus.NORMAL);
	}

	@Override
	public void close() {
		this.subscriptions.values().forEach(ChannelSubscription::cancel);
	}

}
