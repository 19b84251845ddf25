package io.sitestream.notification.stomp;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How often a connection shows that it is alive, each way, as agreed by CONNECT.
 *
 * @param outgoing the longest silence of the server, in milliseconds, 0 for any
 * @param incoming the longest silence of the client, in milliseconds, 0 for any
 */
record HeartBeat(long outgoing, long incoming) {

	private static final HeartBeat NONE = new HeartBeat(0, 0);

	/**
	 * What follows from both sides' wishes.
	 * @param header the header {@code heart-beat} of CONNECT, or {@code null}
	 * @param shortest the shortest interval of the server, both ways
	 * @return the intervals
	 * @throws StompFault if the header is not two numbers
	 */
	static HeartBeat agreed(@Nullable String header, Duration shortest) {
		if (header == null) {
			return NONE;
		}
		String[] wishes = header.strip().split("\\s*,\\s*", -1);
		if (wishes.length != 2 || !wishes[0].matches("\\d{1,9}") || !wishes[1].matches("\\d{1,9}")) {
			throw StompFault.of("Header heart-beat is '%s'.".formatted(header),
					"Expected two numbers of milliseconds, as 10000,10000.");
		}
		return new HeartBeat(longer(Long.parseLong(wishes[1]), shortest), longer(Long.parseLong(wishes[0]), shortest));
	}

	/**
	 * When a client that promised heart-beats counts as gone: after three of them, but
	 * never before a page that nobody sees had its turn. Browsers wake such pages once a
	 * minute, whatever was agreed.
	 * @param tolerated how much longer than agreed a client may be silent, at least
	 * @return the silence in milliseconds
	 */
	long longestSilence(Duration tolerated) {
		return Math.max(3 * this.incoming, this.incoming + tolerated.toMillis());
	}

	private static long longer(long wish, Duration shortest) {
		return (wish == 0) ? 0 : Math.max(wish, shortest.toMillis());
	}

}
