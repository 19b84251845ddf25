package io.sitestream.bookings;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.KeyValueStores;
import io.sitestream.platform.Edge;
import io.sitestream.platform.OwnedTopics;
import io.sitestream.platform.RawRecord;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.bookings.BookingTopics.TIME_ZONES;
import static io.sitestream.bookings.BookingTopics.TIME_ZONE_OVERRIDES;
import static io.sitestream.business.CountryTopics.COUNTRIES;

@Configuration(proxyBeanMethods = false)
class BookingsFunctions {

	@Bean
	KeyValueStore<TimeZoneInUse> timeZoneStore(KeyValueStores stores) {
		KeyValueStore<TimeZoneInUse> zones = stores.of("time-zones", TIME_ZONES);
		NewerRules.watch(zones);
		return zones;
	}

	@Bean
	OwnedTopics bookingTopics() {
		return new OwnedTopics(TIME_ZONES, TIME_ZONE_OVERRIDES);
	}

	/**
	 * The only writer of {@code time-zones}. Delivered at least once; a repeated event
	 * changes nothing, since the zones follow from all countries and overrides. Called
	 * without records, too, since they also follow from the tz database of this process.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> deriveTimeZones(Edge edge, TimeZoneDerivation derivation) {
		return edge.<Object>from(COUNTRIES, TIME_ZONE_OVERRIDES)
			.to(TIME_ZONES)
			.partitions(derivation)
			.alsoWithoutRecords()
			.emitting(derivation::on);
	}

	/**
	 * Every instance reads all time zones, and follows them; a repeated record changes
	 * nothing.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> refreshTimeZones(Edge edge, KeyValueStore<TimeZoneInUse> timeZoneStore) {
		return edge.from(TIME_ZONES).replay(timeZoneStore.replay());
	}

}
