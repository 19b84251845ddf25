package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

	private static final boolean LONG = Boolean.getBoolean("sitestream.test.long");

	private static final int SITES = LONG ? 32 : 12;

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
	void reachesTheTopicOnceAndNothingBesideItIsLostWhenTheTopicTakesItAtLast() throws Exception {
		create(0, 0);
		largest("20000");
		create(1, 300);
		// each waits for its outcome, which spreads them over the attempts
		IntStream.range(2, SITES).forEach((site) -> create(site, 0));

		largest(null);

		List<String> all = IntStream.range(0, SITES).mapToObj(this::site).toList();
		await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(published()).containsAll(all));
		create(SITES, 0);
		List<String> expected = Stream.concat(all.stream(), Stream.of(site(SITES))).toList();
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(published()).contains(site(SITES)));
		assertThat(published()).containsExactlyInAnyOrderElementsOf(expected);
	}

	private void create(int site, int apps) {
		String installed = IntStream.range(0, apps)
			.mapToObj((app) -> "{\"appId\":\"app-%d\",\"version\":\"%s\"}".formatted(app, UUID.randomUUID()))
			.collect(Collectors.joining(","));
		assertThat(this.api
			.send("POST", "/api/sites",
					"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[%s]}".formatted(site(site),
							installed),
					"Prefer", LONG ? "wait=2" : "wait=1")
			.status()).isIn(201, 202);
	}

	private String site(int number) {
		return this.run + "-" + number;
	}

	/** The sites whose first version a reader of committed records sees. */
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
