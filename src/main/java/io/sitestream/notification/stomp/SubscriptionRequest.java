package io.sitestream.notification.stomp;

import java.util.Optional;

import io.sitestream.notification.channel.Cursor;
import io.sitestream.platform.Identifier;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * What a SUBSCRIBE frame asks for.
 *
 * @param id the client's name for the subscription
 * @param channelId the channel
 * @param start up to where the client has the channel, or nothing for all that is kept
 * @param receipt the receipt that the client wants, or {@code null}
 */
record SubscriptionRequest(String id, String channelId, Optional<Cursor> start, @Nullable String receipt) {

	private static final String CHANNELS = "/channels/";

	/**
	 * Reads a SUBSCRIBE frame.
	 * @param frame the frame
	 * @return what it asks for
	 * @throws StompFault if the contract has no such thing
	 */
	static SubscriptionRequest of(StompHeaderAccessor frame) {
		String id = frame.getFirstNativeHeader("id");
		if (id == null) {
			throw StompFault.of("SUBSCRIBE has no header 'id'.", "STOMP 1.2 asks for one.");
		}
		String destination = frame.getFirstNativeHeader("destination");
		if (destination == null || !destination.startsWith(CHANNELS)) {
			throw StompFault.of("Destination '%s' does not exist.".formatted(destination),
					"Subscribe to /channels/{channelId}.");
		}
		String channelId = destination.substring(CHANNELS.length());
		if (!Identifier.CHANNEL.matches(channelId)) {
			throw StompFault.of("Channel '%s' is malformed.".formatted(channelId),
					"A channel id matches %s.".formatted(Identifier.CHANNEL.form()));
		}
		return new SubscriptionRequest(id, channelId, start(frame), frame.getReceipt());
	}

	ChannelFrames frames() {
		return new ChannelFrames(this.id, CHANNELS + this.channelId);
	}

	private static Optional<Cursor> start(StompHeaderAccessor frame) {
		String after = frame.getFirstNativeHeader("after-position");
		if (after == null) {
			return Optional.empty();
		}
		String epoch = frame.getFirstNativeHeader("epoch");
		return Optional.of(new Cursor(position(after), (epoch != null) ? epoch : ""));
	}

	private static long position(String text) {
		if (!text.matches("\\d{1,15}")) {
			throw StompFault.of("Header after-position is '%s'.".formatted(text),
					"Expected the position of the last frame that was received, 0 for none.");
		}
		return Long.parseLong(text);
	}

}
