package io.sitestream.projection;

import java.nio.charset.StandardCharsets;

/**
 * A view as it lies in Redis: its version in decimal, an at sign and the offset of its
 * record, a line feed, and the body. A removed view leaves a marker, which has a version
 * and no body, so that an older event cannot bring it back.
 * <p>
 * All records of a key are in one partition, so offsets tell which of two came first
 * where versions cannot: of a tombstone without one.
 *
 * @param version the version of the record that it came from
 * @param offset the offset of that record, -1 if it is unknown
 * @param body the view, empty for a marker
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredView(long version, long offset, byte[] body) {

	static final long UNKNOWN = -1;

	private static final byte LINE_FEED = '\n';

	public boolean isMarker() {
		return this.body.length == 0;
	}

	static StoredView marker(long version, long offset) {
		return new StoredView(version, offset, new byte[0]);
	}

	byte[] encode() {
		String origin = (this.offset != UNKNOWN) ? "@" + this.offset : "";
		byte[] head = (this.version + origin + "\n").getBytes(StandardCharsets.US_ASCII);
		byte[] encoded = new byte[head.length + this.body.length];
		System.arraycopy(head, 0, encoded, 0, head.length);
		System.arraycopy(this.body, 0, encoded, head.length, this.body.length);
		return encoded;
	}

	static StoredView decode(byte[] encoded) {
		int end = 0;
		while (end < encoded.length && encoded[end] != LINE_FEED) {
			end++;
		}
		String head = new String(encoded, 0, end, StandardCharsets.US_ASCII);
		int at = head.indexOf('@');
		long version = Long.parseLong((at < 0) ? head : head.substring(0, at));
		long offset = (at < 0) ? UNKNOWN : Long.parseLong(head.substring(at + 1));
		byte[] body = new byte[encoded.length - end - 1];
		System.arraycopy(encoded, end + 1, body, 0, body.length);
		return new StoredView(version, offset, body);
	}

}
