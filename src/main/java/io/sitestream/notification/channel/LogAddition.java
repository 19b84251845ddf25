package io.sitestream.notification.channel;

import java.util.List;

import io.sitestream.platform.RedisRewind;

import static io.sitestream.notification.channel.LuaScript.bytes;

/**
 * What is to be appended to a channel's log.
 *
 * @param account the account that the channel must belong to
 * @param source who says it
 * @param sequence must be above the last one of this source on this channel
 * @param type what kind of message it is
 * @param body JSON in UTF-8
 * @param trace the trace that it belongs to, as {@code traceparent} has it, or an empty
 * text
 * @param offset where it lies in its partition
 * @param terms on which it may be written, the same for all of one channel
 */
record LogAddition(String account, String source, long sequence, String type, byte[] body, String trace, long offset,
		RedisRewind.Terms terms) {

	/**
	 * What the script wants to know once about all additions to a channel.
	 * @param arguments the script's arguments
	 */
	void addTermsTo(List<byte[]> arguments) {
		arguments.add(bytes(this.terms.primaries()));
		arguments.add(bytes(this.terms.exact() ? 1 : 0));
		arguments.add(bytes(this.terms.repeatedBelow()));
	}

	void addTo(List<byte[]> arguments) {
		arguments.add(bytes(this.account));
		arguments.add(bytes(this.source));
		arguments.add(bytes(sortable(this.sequence)));
		arguments.add(bytes(this.offset));
		arguments.add(bytes(this.type));
		arguments.add(this.body);
		arguments.add(bytes(this.trace));
	}

	/**
	 * A text that sorts as the number does, over the whole range of a long.
	 * @param number any number
	 * @return 20 digits
	 */
	static String sortable(long number) {
		String digits = Long.toUnsignedString(number ^ Long.MIN_VALUE);
		return "0".repeat(20 - digits.length()) + digits;
	}

}
