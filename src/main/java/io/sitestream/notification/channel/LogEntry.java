package io.sitestream.notification.channel;

/**
 * A notification in its channel's log.
 *
 * @param position from 1, gapless within the channel's epoch
 * @param type what kind of message it is
 * @param body JSON in UTF-8
 */
public record LogEntry(long position, String type, byte[] body) {

}
