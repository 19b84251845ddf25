package io.sitestream.notification.channel;

/**
 * A notification in its channel's log.
 *
 * @param position from 1, gapless within the channel's epoch
 * @param type what kind of message it is
 * @param body JSON in UTF-8
 * @param trace the trace that it belongs to, as {@code traceparent} has it, or an empty
 * text
 */
public record LogEntry(long position, String type, byte[] body, String trace) {

}
