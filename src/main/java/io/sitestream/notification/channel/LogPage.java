package io.sitestream.notification.channel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A channel's log at one moment, and some of its entries.
 *
 * @param epoch changes when the log is new, so that positions of different epochs do not
 * compare
 * @param last the last position given, 0 in a new log
 * @param first the first position still kept; one above {@code last} when none is
 * @param entries in order, without gaps
 */
public record LogPage(String epoch, long last, long first, List<LogEntry> entries) {

	/**
	 * The place from which everything that is kept follows.
	 * @return a cursor before the first entry kept
	 */
	public Cursor beginning() {
		return new Cursor(this.first - 1, this.epoch);
	}

	static LogPage of(List<?> reply) {
		List<LogEntry> entries = new ArrayList<>((reply.size() - 3) / 4);
		for (int i = 3; i < reply.size(); i += 4) {
			entries.add(new LogEntry(number(reply.get(i)), text(reply.get(i + 1)), (byte[]) reply.get(i + 2),
					text(reply.get(i + 3))));
		}
		return new LogPage(text(reply.get(0)), number(reply.get(1)), number(reply.get(2)), List.copyOf(entries));
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

	private static long number(Object bytes) {
		return Long.parseLong(text(bytes));
	}

}
