package io.sitestream.bookings;

import io.sitestream.platform.Topic;

/**
 * The topics of this module.
 */
public final class BookingTopics {

	/** Keyed by zone id. */
	public static final Topic<TimeZoneOverride> TIME_ZONE_OVERRIDES = Topic
		.compacted("time-zone-overrides", TimeZoneOverride.class, 1)
		.keyedBy("zone", TimeZoneOverride::zone);

	/** Keyed by zone id. Only {@code deriveTimeZones} writes it. */
	public static final Topic<TimeZoneInUse> TIME_ZONES = Topic.compacted("time-zones", TimeZoneInUse.class, 1)
		.keyedBy("zone", TimeZoneInUse::zone);

	private BookingTopics() {
	}

}
