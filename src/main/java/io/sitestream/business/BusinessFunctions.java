package io.sitestream.business;

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

import static io.sitestream.business.CountryTopics.COUNTRIES;

@Configuration(proxyBeanMethods = false)
class BusinessFunctions {

	@Bean
	KeyValueStore<Country> countryStore(KeyValueStores stores) {
		return stores.of("countries", COUNTRIES);
	}

	@Bean
	OwnedTopics businessTopics() {
		return new OwnedTopics(COUNTRIES);
	}

	/**
	 * Every instance reads all countries, and follows them; a repeated record changes
	 * nothing.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> refreshCountries(Edge edge, KeyValueStore<Country> countryStore) {
		return edge.from(COUNTRIES).replay(countryStore.replay());
	}

}
