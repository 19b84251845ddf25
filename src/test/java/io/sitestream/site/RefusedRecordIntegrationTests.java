package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Accepted commands while the topic refuses the record of one of them.
 */
@SitestreamTest(modules = "site")
class RefusedRecordIntegrationTests {

	private static final int ROUNDS = Boolean.getBoolean("sitestream.test.long") ? 5 : 1;

	private static final int SITES = 30;

	private final String run = "refused-" + UUID.randomUUID();

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String servers;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	ApiClient api;

	Admin admin;

	TopicProbe probe;

	@BeforeEach
	void open() {
		this.api = new ApiClient(this.port);
		this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, this.servers));
		this.probe = new TopicProbe(this.servers, this.prefix);
	}

	@AfterEach
	void close() throws Exception {
		largest(null);
		this.admin.close();
		this.probe.close();
	}

	@Test
	void holdsUpItsPartitionAloneAndReachesTheTopicOnceWhenThatTakesItAtLast() throws Exception {
		List<String> expected = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			largest("20000");
			expected.add(create(round * SITES, 300));
			for (int site = 1; site < SITES; site++) {
				expected.add(create(round * SITES + site, 0));
				// some come between two attempts, some while one is under way
				LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
			}
			int stalled = partition(site(round * SITES));
			List<String> others = expected.stream().filter((site) -> partition(site) != stalled).toList();
			await().atMost(Duration.ofSeconds(90))
				.untilAsserted(() -> assertThat(published()).as("other partitions").containsAll(others));
			assertThat(published()).doesNotContain(site(round * SITES));
			assertThat(this.api.get("/actuator/health").body()).contains("\"stalled\":[{\"position\":",
					"RecordTooLargeException", "site-metadata");

			largest(null);

			await().atMost(Duration.ofSeconds(90))
				.untilAsserted(() -> assertThat(published()).as("%d sites", expected.size()).containsAll(expected));
		}
		assertThat(published()).containsExactlyInAnyOrderElementsOf(expected);
	}

	private String create(int site, int apps) {
		String installed = IntStream.range(0, apps)
			.mapToObj((app) -> "{\"appId\":\"app-%d\",\"version\":\"%s\"}".formatted(app, UUID.randomUUID()))
			.collect(Collectors.joining(","));
		assertThat(this.api
			.send("POST", "/api/sites",
					"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[%s]}".formatted(site(site),
							installed),
					"Prefer", "respond-async")
			.status()).isEqualTo(202);
		return site(site);
	}

	/** The partition of a site's commands. */
	private static int partition(String site) {
		return Utils.toPositive(Utils.murmur2(site.getBytes(StandardCharsets.UTF_8))) % 6;
	}

	private String site(int number) {
		return this.run + "-" + number;
	}

	/** The sites that a reader of committed records sees, as often as it sees them. */
	private List<String> published() {
		return this.probe.committed("site-metadata")
			.stream()
			.map((record) -> new String(record.key(), StandardCharsets.UTF_8))
			.filter((site) -> site.startsWith(this.run))
			.toList();
	}

	private void largest(String bytes) throws Exception {
		this.admin.incrementalAlterConfigs(
				Map.of(new ConfigResource(ConfigResource.Type.TOPIC, this.prefix + "site-metadata"),
						List.of(new AlterConfigOp(new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes),
								(bytes != null) ? OpType.SET : OpType.DELETE))))
			.all()
			.get();
	}

}
