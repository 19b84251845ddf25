package io.sitestream.platform;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

import org.springframework.stereotype.Component;

/**
 * Makes ids whose order as text is the order of their making, to the millisecond. Safe
 * for use by several threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7">RFC 9562,
 * UUID version 7</a>
 */
@Component
public class TimeOrderedIds {

	private static final long VERSION_7 = 0x7000L;

	private static final long VARIANT = 0x8000_0000_0000_0000L;

	private final Clock clock;

	private final RandomGenerator random = new SecureRandom();

	TimeOrderedIds(Clock clock) {
		this.clock = clock;
	}

	public String next() {
		long high = (this.clock.millis() << 16) | VERSION_7 | (this.random.nextLong() & 0xFFFL);
		long low = VARIANT | (this.random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL);
		return new UUID(high, low).toString();
	}

}
