package io.sitestream.notification.channel;

/**
 * A channel belongs to another account. The message does not say to which.
 */
public class ForeignChannelException extends RuntimeException {

	ForeignChannelException(String channelId) {
		super("Channel '%s' belongs to another account.".formatted(channelId));
	}

}
