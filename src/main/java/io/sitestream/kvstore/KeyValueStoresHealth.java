package io.sitestream.kvstore;

import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The health of each store, a member of the readiness group: a process takes traffic when
 * its stores have been read to their ends. A store that Kafka has left alone stays ready;
 * one that no function of this process feeds keeps no traffic away from the others.
 */
@Component("kvstores")
class KeyValueStoresHealth implements CompositeHealthContributor {

	private final KeyValueStores stores;

	KeyValueStoresHealth(KeyValueStores stores) {
		this.stores = stores;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		return stream().filter((entry) -> entry.name().equals(name))
			.map(HealthContributors.Entry::contributor)
			.findFirst()
			.orElse(null);
	}

	@Override
	public Stream<Entry> stream() {
		return this.stores.all()
			.stream()
			.filter(CompactedTopicStore::isFed)
			.map((store) -> new Entry(store.name(), indicator(store)));
	}

	private static HealthIndicator indicator(CompactedTopicStore<?> store) {
		return () -> {
			Health.Builder health = Objects.requireNonNull(store.isReady() ? Health.up() : Health.outOfService());
			return health.withDetail("entries", store.contents().entries().size())
				.withDetail("positions", store.positions())
				.withDetail("quarantined", store.contents().quarantine().size())
				.build();
		};
	}

}
