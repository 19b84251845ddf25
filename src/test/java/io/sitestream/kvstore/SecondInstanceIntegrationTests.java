package io.sitestream.kvstore;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.business.Country;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static io.sitestream.kvstore.ReferenceInstance.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Another instance that starts beside one that runs.
 */
@SitestreamTest(modules = "business")
class SecondInstanceIntegrationTests {

	@Autowired
	KeyValueStore<Country> countries;

	@Value("${spring.kafka.bootstrap-servers}")
	String brokers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Test
	void sharesNoFixedGroupIdThatWouldHideRecordsFromOneOfThem() throws Exception {
		await().atMost(PATIENCE).until(this.countries::isReady);
		this.countries.put("LU", country("LU"));
		try (ReferenceInstance second = start();
				Admin admin = Admin.create(Map.of("bootstrap.servers", this.brokers))) {
			KeyValueStore<?> other = second.bean("countryStore", KeyValueStore.class);
			this.countries.put("BE", country("BE"));
			other.sync(PATIENCE);

			assertThat(other.all()).isEqualTo(this.countries.all()).containsKeys("BE", "LU");
			Set<String> groups = new TreeSet<>();
			for (GroupListing group : admin.listGroups().all().get()) {
				if (admin.listConsumerGroupOffsets(group.groupId())
					.partitionsToOffsetAndMetadata()
					.get()
					.keySet()
					.stream()
					.anyMatch((partition) -> partition.topic().equals(this.countries.topicName()))) {
					groups.add(group.groupId());
				}
			}
			assertThat(groups).isEmpty();
		}
	}

	@Test
	void becomesReadyWhileTheEndMovesWithoutPause() {
		AtomicBoolean enough = new AtomicBoolean();
		try (TopicProbe probe = new TopicProbe(this.brokers, this.prefix)) {
			CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
				while (!enough.get()) {
					probe.put("countries", "NL", "{\"code\":\"NL\",\"name\":\"Netherlands\"}");
				}
			});
			try (ReferenceInstance second = start()) {
				assertThat(writer).isNotDone();
				assertThat(second.bean("countryStore", KeyValueStore.class).containsKey("NL")).isTrue();
			}
			finally {
				enough.set(true);
				writer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
			}
		}
		this.countries.sync(PATIENCE);
	}

	private ReferenceInstance start() {
		return ReferenceInstance.start(Map.of("spring.kafka.bootstrap-servers", this.brokers,
				"sitestream.topics.prefix", this.prefix, "sitestream.security.mode", "open"), "business")
			.awaitReady();
	}

	private static Country country(String code) {
		return new Country(code, "Country " + code, null, null);
	}

}
