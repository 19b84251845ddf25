package io.sitestream.bookings;

import java.util.concurrent.atomic.AtomicReference;

import io.sitestream.kvstore.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, once in a process for each version, that zones were derived with a
 * newer tz database than this JDK has: offsets are computed when answering, so this
 * process answers by the older one.
 */
public final class NewerRules {

	private static final Logger log = LoggerFactory.getLogger(NewerRules.class);

	private static final AtomicReference<String> newest = new AtomicReference<>("");

	private NewerRules() {
	}

	public static void watch(KeyValueStore<TimeZoneInUse> zones) {
		zones.listen((zone, before, after, position, replay) -> {
			if (after != null) {
				notice(after);
			}
		});
	}

	static void notice(TimeZoneInUse zone) {
		String theirs = String.valueOf(zone.rulesVersion());
		String ours = TimeZoneInUse.rulesVersion(zone.zone());
		if (isNewer(theirs, ours) && isNewer(theirs, newest.getAndAccumulate(theirs, NewerRules::newer))) {
			log.warn(
					"time-zones: derived with tz {}, but this JDK has {} and computes offsets with it. Update the JDK, or its tz database.",
					theirs, ours);
		}
	}

	/** Versions are a year and letters: {@code 2026a} before {@code 2026b}. */
	private static boolean isNewer(String version, String other) {
		return version.matches("\\d{4}[a-z]+") && version.compareTo(other) > 0;
	}

	private static String newer(String one, String other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

}
