package io.sitestream.projection;

import java.nio.charset.StandardCharsets;

/**
 * An index entry that somebody is about to write, noted beside the view before it is
 * written and forgotten after the view is. Whoever writes the same version or a newer one
 * finishes what was begun.
 *
 * @param version the version of the view that has the index key
 * @param indexKey the index key
 */
record Intent(long version, String indexKey) {

	byte[] encode() {
		return (this.version + ":" + this.indexKey).getBytes(StandardCharsets.UTF_8);
	}

	static Intent decode(Object encoded) {
		String text = new String((byte[]) encoded, StandardCharsets.UTF_8);
		int colon = text.indexOf(':');
		return new Intent(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
	}

}
