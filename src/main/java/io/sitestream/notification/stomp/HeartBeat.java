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
		if (!header.matches("\\d{1,9},\\d{1,9}")) {
			throw StompFault.of("Header heart-beat is '%s'.".formatted(header),
					"Expected two numbers of milliseconds, as 10000,10000.");
		}
		String[] wishes = header.split(",");
		return new HeartBeat(longer(Long.parseLong(wishes[1]), shortest), longer(Long.parseLong(wishes[0]), shortest));
	}

	private static long longer(long wish, Duration shortest) {
		return (wish == 0) ? 0 : Math.max(wish, shortest.toMillis());
	}

}
