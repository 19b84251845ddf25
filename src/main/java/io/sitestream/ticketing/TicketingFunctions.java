package io.sitestream.ticketing;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.bookings.NewerRules;
import io.sitestream.bookings.TimeZoneInUse;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.KeyValueStores;
import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.bookings.BookingTopics.TIME_ZONES;

@Configuration(proxyBeanMethods = false)
class TicketingFunctions {

	@Bean
	KeyValueStore<TimeZoneInUse> ticketingTimeZoneStore(KeyValueStores stores) {
		KeyValueStore<TimeZoneInUse> zones = stores.of("ticketing-time-zones", TIME_ZONES);
		NewerRules.watch(zones);
		return zones;
	}

	/**
	 * Every instance reads all time zones, and follows them; a repeated record changes
	 * nothing.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> refreshTicketingTimeZones(Edge edge,
			KeyValueStore<TimeZoneInUse> ticketingTimeZoneStore) {
		return edge.from(TIME_ZONES).replay(ticketingTimeZoneStore.replay());
	}

}
