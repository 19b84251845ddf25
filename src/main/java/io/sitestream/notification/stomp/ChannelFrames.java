package io.sitestream.notification.stomp;

import io.sitestream.notification.channel.ContinuityLoss;
import io.sitestream.notification.channel.Cursor;
import io.sitestream.notification.channel.LogEntry;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The MESSAGE frames of one subscription.
 *
 * @param subscription the client's name for the subscription
 * @param destination the channel's destination
 * @param acknowledged whether the client wants to acknowledge them, and so needs a name
 * for each
 */
record ChannelFrames(String subscription, String destination, boolean acknowledged) {

	byte[] message(LogEntry entry, String epoch) {
		return frame(entry.position(), epoch, entry.type(), entry.trace(), entry.body());
	}

	/**
	 * Says that the client's history has a gap or another past.
	 * @param cursor the place where delivery goes on
	 * @param loss the reason
	 * @return the frame
	 */
	byte[] continuityLost(Cursor cursor, ContinuityLoss loss) {
		return frame(cursor.position(), cursor.epoch(), "continuity-lost", "",
				"{\"reason\":\"%s\"}".formatted(loss.reason()).getBytes(UTF_8));
	}

	private byte[] frame(long position, String epoch, String type, String trace, byte[] body) {
		String id = epoch + ":" + type + ":" + position;
		return StompFrame.named("MESSAGE")
			.header("subscription", this.subscription)
			.header("message-id", id)
			.header("ack", this.acknowledged ? this.subscription + ":" + id : null)
			.header("destination", this.destination)
			.header("content-type", "application/json")
			.header("position", Long.toString(position))
			.header("epoch", epoch)
			.header("type", type)
			.header("traceparent", trace.isEmpty() ? null : trace)
			.body(body);
	}

}
