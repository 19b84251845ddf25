package io.sitestream.bench;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.KeyValueStores;
import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

/**
 * A store of places, declared as any other.
 */
@TestConfiguration(proxyBeanMethods = false)
class PlaceStore {

	@Bean
	KeyValueStore<Place> places(KeyValueStores stores) {
		return stores.of("places", Place.PLACES);
	}

	@Bean
	TimedReplay timedReplay(KeyValueStore<Place> places) {
		return new TimedReplay(places);
	}

	@Bean
	Consumer<Message<List<RawRecord>>> refreshPlaces(Edge edge, TimedReplay timedReplay) {
		return edge.from(Place.PLACES).replay(timedReplay);
	}

}
