package io.sitestream.kvstore;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/**
 * {@code GET /actuator/kvstores}: the stores of this process, whether they are ready or
 * not.
 */
@Component
@Endpoint(id = "kvstores")
class KeyValueStoresEndpoint {

	private final KeyValueStores stores;

	KeyValueStoresEndpoint(KeyValueStores stores) {
		this.stores = stores;
	}

	@ReadOperation
	Map<String, StoreDescription> stores() {
		Map<String, StoreDescription> descriptions = new TreeMap<>();
		this.stores.all().forEach((store) -> descriptions.put(store.name(), StoreDescription.of(store)));
		return descriptions;
	}

	/**
	 * A store as an operator sees it.
	 *
	 * @param topic the topic's full name
	 * @param entries how many entries are in memory
	 * @param ready whether it answers
	 * @param positions for each partition the offset that will be read next
	 * @param quarantined the records that it cannot read
	 */
	record StoreDescription(String topic, int entries, boolean ready, Map<Integer, Long> positions,
			List<QuarantinedRecord> quarantined) {

		static StoreDescription of(CompactedTopicStore<?> store) {
			return new StoreDescription(store.topicName(), store.contents().entries().size(), store.isReady(),
					store.positions(), store.contents().quarantine().records());
		}

	}

}
