package io.sitestream.notification;

import io.sitestream.platform.RawJson;
import tools.jackson.databind.JsonNode;

/**
 * Something that a service has to say on a channel. Any service may produce one.
 *
 * @param id unique for this notification
 * @param source who says it; sequences count within a source and a channel
 * @param sequence grows within its source and channel; what is not above the last one is
 * dropped, gaps are allowed
 * @param account the account that the channel must belong to
 * @param channelId the channel
 * @param type what kind of message it is, as {@code contact-import.progress}
 * @param body the message's body, passed on as it is
 */
public record Notification(String id, String source, long sequence, String account, String channelId, String type,
		RawJson body) {

	/**
	 * A notification that is made here.
	 */
	public Notification(String id, String source, long sequence, String account, String channelId, String type,
			JsonNode body) {
		this(id, source, sequence, account, channelId, type, RawJson.of(body));
	}

}
