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
 * @param acknowledged whether the client wants to acknowledge what it gets
 * @param start up to where the client has the channel, or nothing for all that is kept
 * @param receipt the receipt that the client wants, or {@code null}
 */
record SubscriptionRequest(String id, String channelId, boolean acknowledged, Optional<Cursor> start,
		@Nullable String receipt) {

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
		return new SubscriptionRequest(id, channelId, acknowledged(frame), start(frame), frame.getReceipt());
	}

	ChannelFrames frames() {
		return new ChannelFrames(this.id, CHANNELS + this.channelId, this.acknowledged);
	}

	private static boolean acknowledged(StompHeaderAccessor frame) {
		String ack = frame.getFirstNativeHeader("ack");
		return switch (ack) {
			case null -> false;
			case "auto" -> false;
			case "client", "client-individual" -> true;
			default -> throw StompFault.of("Header ack is '%s'.".formatted(ack),
					"Expected auto, client or client-individual.");
		};
	}

	private static Optional<Cursor> start(StompHeaderAccessor frame) {
		String after = frame.getFirstNativeHeader("after-position");
		if (after == null) {
			return Optional.empty();
		}
		Cursor cursor = new Cursor(position(after),
				Optional.ofNullable(frame.getFirstNativeHeader("epoch")).orElse(""));
		// who has nothing of no epoch asks for everything
		return Optional.of(cursor).filter((start) -> start.position() > 0 || !start.epoch().isEmpty());
	}

	private static long position(String text) {
		if (!text.matches("\\d{1,15}")) {
			throw StompFault.of("Header after-position is '%s'.".formatted(text),
					"Expected the position of the last frame that was received, 0 for none.");
		}
		return Long.parseLong(text);
	}

}
