package io.sitestream.projection;

import java.nio.charset.StandardCharsets;

/**
 * A view as it lies in Redis: its version in decimal, a line feed, and the body. A
 * removed view leaves a marker, which has a version and no body, so that an older event
 * cannot bring it back.
 *
 * @param version the version of the record that it came from
 * @param body the view, empty for a marker
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredView(long version, byte[] body) {

	private static final byte LINE_FEED = '\n';

	public boolean isMarker() {
		return this.body.length == 0;
	}

	static StoredView marker(long version) {
		return new StoredView(version, new byte[0]);
	}

	byte[] encode() {
		byte[] head = (this.version + "\n").getBytes(StandardCharsets.US_ASCII);
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
		long version = Long.parseLong(new String(encoded, 0, end, StandardCharsets.US_ASCII));
		byte[] body = new byte[encoded.length - end - 1];
		System.arraycopy(encoded, end + 1, body, 0, body.length);
		return new StoredView(version, body);
	}

}
