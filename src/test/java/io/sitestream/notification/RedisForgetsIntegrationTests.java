package io.sitestream.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.sitestream.ApiClient;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Emission;
import io.sitestream.servers.Junction;
import io.sitestream.servers.LocalRedis;
import io.sitestream.site.InstalledApp;
import io.sitestream.site.SiteMetadata;
import io.sitestream.site.SiteTopics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redis loses what it has acknowledged, and the functions that write it make it whole
 * again: the projection (law 3) and the channels (law 7).
 */
class RedisForgetsIntegrationTests {

	private static final int SITES = 60;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	final String channel = Announcer.newChannel();

	final Map<String, Long> written = new ConcurrentHashMap<>();

	final AtomicReference<String> wrongAnswer = new AtomicReference<>();

	LocalRedis redis;

	Junction address;

	Instance instance;

	ApiClient http;

	Announcer ada;

	@BeforeEach
	void startAll() {
		this.redis = TestServers.separateRedis();
		this.address = new Junction(this.redis.port());
		this.instance = Instance.in(TestSpace.of("notification", "appswriter"),
				"sitestream.modules=notification,appswriter,appsreader",
				"spring.data.redis.port=" + this.address.port(), "sitestream.notification.poll-interval=1s");
		this.http = new ApiClient(this.instance.port());
		this.ada = new Announcer(this.instance.emitter(), "ada", this.channel);
	}

	@AfterEach
	void stopAll() {
		this.instance.close();
		this.address.close();
		this.redis.close();
	}

	@Test
	void isWholeAgainAfterRedisWasRestartedFromAnOlderFile() {
		List<byte[]> older = new ArrayList<>();

		isWholeAgain(() -> older.add(this.redis.contents()), () -> this.redis.restartWith(older.getFirst()));
	}

	@Test
	void isWholeAgainAfterAReplicaThatLaggedHasTakenOver() {
		LocalRedis replica = TestServers.separateRedis();
		RedisClient client = RedisClient.create("redis://127.0.0.1:" + replica.port());
		try (client; replica; StatefulRedisConnection<String, String> admin = client.connect()) {
			admin.sync().replicaof("127.0.0.1", this.redis.port());
			await().atMost(PATIENCE).until(() -> admin.sync().info("replication").contains("master_link_status:up"));

			isWholeAgain(() -> {
				await().atMost(PATIENCE).until(() -> admin.sync().dbsize() > SITES);
				// the link is cut: nobody listens there
				admin.sync().replicaof("127.0.0.1", 1);
			}, () -> {
				admin.sync().replicaofNoOne();
				this.address.lead(replica.port());
			});
			this.instance.close();
		}
	}

	@Test
	void isWholeAgainAfterRedisWasRestartedEmpty() {
		isWholeAgain(() -> {
		}, () -> this.redis.restartWith(new byte[0]));
	}

	/**
	 * Writes, lets Redis forget, and goes on writing.
	 * @param remember called when Redis knows the first half
	 * @param forget makes Redis forget the second half
	 */
	private void isWholeAgain(Runnable remember, Runnable forget) {
		write(0, SITES, 1);
		StompTestClient live = StompTestClient.connect(this.instance.port(), "ada").subscribe(this.channel);
		StompTestClient gone = StompTestClient.connect(this.instance.port(), "ada").subscribe(this.channel);
		this.ada.announce(50);
		live.awaitMessages(50);
		awaitViews();
		remember.run();
		write(0, SITES / 2, 2);
		this.ada.announce(30);
		StompTestFrame last = gone.awaitMessages(80).getLast();
		gone.drop();
		live.awaitMessages(80);
		awaitViews();
		Thread reader = Thread.ofVirtual().start(this::readWithTokens);

		forget.run();
		this.ada.announce(20);
		write(SITES / 3, SITES * 2 / 3, 3);

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(sequences(sinceTheLastLoss(live.messages())))
				.containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList()));
		assertContinuous(live.messages());
		assertThat(live.messages().getLast().epoch()).isNotEqualTo(last.epoch());
		try (live;
				StompTestClient again = StompTestClient.connect(this.instance.port(), "ada")
					.subscribe(this.channel, last.position(), last.epoch())) {
			assertThat(again.awaitMessages(101).getFirst().body()).isEqualTo("{\"reason\":\"other-epoch\"}");
			assertContinuous(again.messages());
			assertThat(sequences(sinceTheLastLoss(again.messages())))
				.containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
		}
		awaitViews();
		reader.interrupt();
		assertThat(this.wrongAnswer).hasNullValue();
	}

	/** Every site has one app, which is another one in every version. */
	private void write(int from, int to, long version) {
		List<Emission> emissions = new ArrayList<>();
		for (int site = from; site < to; site++) {
			String id = "site-" + site;
			Instant now = Instant.now();
			emissions.add(Emission.of(SiteTopics.SITE_METADATA, id,
					new SiteMetadata(id, version, "ada", id, null, null, null, List
						.of(new InstalledApp("app-" + version, id + "-i", "1", InstalledApp.Status.ENABLED, now)), now,
							now)));
		}
		this.instance.emitter().emit(emissions);
		for (int site = from; site < to; site++) {
			this.written.put("site-" + site, version);
		}
	}

	private void awaitViews() {
		Map<String, List<String>> byApp = new TreeMap<>(
				Map.of("app-1", new ArrayList<>(), "app-2", new ArrayList<>(), "app-3", new ArrayList<>()));
		new TreeMap<>(this.written).forEach((site, version) -> byApp.get("app-" + version).add(site));
		await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
			for (Map.Entry<String, List<String>> app : byApp.entrySet()) {
				JsonNode answer = this.http.get("/api/installed-apps/by-app/" + app.getKey()).json();
				assertThat(answer.get("siteIds").valueStream().map(JsonNode::asString)).as(app.getKey())
					.containsExactlyElementsOf(app.getValue());
			}
		});
		this.written.forEach((site,
				version) -> assertThat(
						this.http.get("/api/installed-apps/by-site/" + site).json().get("version").asLong())
					.as(site)
					.isEqualTo(version));
	}

	private void readWithTokens() {
		while (!Thread.currentThread().isInterrupted()) {
			String site = "site-" + ThreadLocalRandom.current().nextInt(SITES);
			long version = this.written.getOrDefault(site, 1L);
			String token = new ConsistencyToken("sites", site, version, Instant.now()).encode();
			ApiClient.Answer answer;
			try {
				answer = this.http.get("/api/installed-apps/by-site/" + site, "Consistency-Token", token, "Prefer",
						"wait=0");
			}
			catch (RuntimeException | AssertionError ex) {
				return;
			}
			boolean right = (answer.status() == 200) ? answer.json().get("version").asLong() >= version
					: answer.status() >= 500;
			if (!right) {
				this.wrongAnswer
					.set("%s at version %d: %d %s".formatted(site, version, answer.status(), answer.body()));
			}
		}
	}

	/**
	 * Law 7: the next position of the same epoch, or a word about it.
	 */
	private static void assertContinuous(List<StompTestFrame> frames) {
		for (int i = 1; i < frames.size(); i++) {
			StompTestFrame frame = frames.get(i);
			if (!frame.type().equals("continuity-lost")) {
				assertThat(frame.epoch()).isEqualTo(frames.get(i - 1).epoch());
				assertThat(frame.position()).isEqualTo(frames.get(i - 1).position() + 1);
			}
		}
	}

	private static List<Long> sequences(List<StompTestFrame> frames) {
		return frames.stream().map((frame) -> frame.json().get("sequence").asLong()).toList();
	}

	private static List<StompTestFrame> sinceTheLastLoss(List<StompTestFrame> frames) {
		int begin = frames.size();
		while (begin > 0 && !frames.get(begin - 1).type().equals("continuity-lost")) {
			begin--;
		}
		return frames.subList(begin, frames.size());
	}

}
