package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.TimeOrderedIds;
import io.sitestream.platform.TopicEnds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The generations of a projection as an operator moves them, while others write and read.
 */
@SitestreamTest(modules = { "site", "appswriter", "appsreader" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildIntegrationTests {

	private static final int SITES = 12;

	private static final String[] PATIENT = { "Prefer", "wait=30" };

	@LocalServerPort
	int port;

	@Autowired
	StringRedisTemplate redis;

	@Autowired
	RedisKeySpace space;

	@Autowired
	WriterGroups groups;

	@Autowired
	Generations generations;

	@Autowired
	RedisAccess projections;

	@Autowired
	TimeOrderedIds ids;

	ApiClient api;

	@BeforeAll
	void sitesAreThere() {
		this.api = new ApiClient(this.port);
		for (int i = 0; i < SITES; i++) {
			Answer created = this.api.post("/api/sites",
					"""
							{"siteId":"r%d","ownerId":"ann","name":"R","apps":[{"appId":"stable","version":"1"},{"appId":"spare","version":"1"}]}"""
						.formatted(i),
					PATIENT);
			assertThat(created.status()).as(created.body()).isEqualTo(201);
			assertThat(read("/api/installed-apps/by-site/r" + i, created).status()).isEqualTo(200);
		}
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(serving()).isPositive());
	}

	@Test
	@Order(1)
	void showsTheServingGenerationAndHowFarItsWritersAre() {
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			JsonNode projection = projection();
			JsonNode generation = projection.at("/generations/0");
			assertThat(generation.at("/state").asString()).isEqualTo("SERVING");
			assertThat(generation.at("/format").asInt()).isEqualTo(1);
			assertThat(generation.at("/entries").asInt()).isGreaterThanOrEqualTo(SITES);
			assertThat(generation.at("/differences").size()).isZero();
			assertThat(projection.at("/partitions").size()).isEqualTo(6);
			projection.at("/partitions").forEach((partition) -> assertThat(partition.at("/lag").asLong()).isZero());
		});
	}

	@Test
	@Order(2)
	void switchesToAnEqualGenerationWhileOthersWriteAndReadersMissNothing() throws Exception {
		int before = serving();
		AtomicBoolean over = new AtomicBoolean();
		Queue<String> wrong = new ConcurrentLinkedQueue<>();
		try (ExecutorService others = Executors.newFixedThreadPool(3)) {
			List<Future<?>> running = new ArrayList<>();
			running.add(others.submit(() -> writeUntil(over, wrong)));
			running.add(others.submit(() -> readUntil(over, wrong, this::missingInIndex)));
			running.add(others.submit(() -> readUntil(over, wrong, this::missingView)));
			assertThat(act("rebuild").status()).isEqualTo(202);
			assertThat(act("rebuild").json().at("/type").asString()).endsWith(":rebuild-running");
			awaitState(before + 1, "SERVING");
			over.set(true);
			for (Future<?> other : running) {
				other.get(60, TimeUnit.SECONDS);
			}
		}

		assertThat(wrong).isEmpty();
		assertThat(state(before)).isEqualTo("STANDBY");
		assertThat(count("stable")).isEqualTo(SITES);
	}

	@Test
	@Order(3)
	void stopsBeforeTheSwitchAndNamesTheSiteOfAWrongView() {
		int before = serving();
		String view = key(before, "view:{r3}");
		String right = this.redis.opsForValue().get(view);
		this.redis.opsForValue().set(view, right.replace("\"appId\":\"stable\"", "\"appId\":\"forged\""));

		act("rebuild");
		int next = awaitWaiting();

		assertThat(serving()).isEqualTo(before);
		JsonNode difference = generation(next).at("/differences/0");
		assertThat(difference.at("/key").asString()).isEqualTo("r3");
		assertThat(difference.has("indexKey")).isFalse();
		assertThat(generation(next).at("/differing").asInt()).isEqualTo(1);
		assertThat(act("rebuild").json().at("/type").asString()).endsWith(":rebuild-running");
		assertThat(act("rollback").json().at("/type").asString()).endsWith(":rebuild-running");
		assertThat(act("cancel").status()).isEqualTo(202);
		assertThat(act("cancel").json().at("/type").asString()).endsWith(":nothing-to-cancel");
		assertThat(act("accept").json().at("/type").asString()).endsWith(":nothing-to-accept");
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.redis.hasKey(key(next, "view:{r3}"))).isFalse());
		this.redis.opsForValue().set(view, right);
	}

	@Test
	@Order(4)
	void stopsBeforeTheSwitchAndNamesTheAppOfAWrongEntryUntilItIsAccepted() {
		int before = serving();
		this.redis.opsForHash().put(key(before, "index:{app/stable}:entries"), "ghost", "7:1");
		this.redis.opsForZSet().add(key(before, "index:{app/stable}:members"), "ghost", 0);
		this.redis.opsForZSet().remove(key(before, "index:{app/spare}:members"), "r5");

		act("rebuild");
		int next = awaitWaiting();

		List<String> named = new ArrayList<>();
		generation(next).at("/differences")
			.forEach((difference) -> named
				.add(difference.at("/indexKey").asString() + " " + difference.at("/key").asString()));
		assertThat(named).containsExactlyInAnyOrder("app/stable ghost", "app/spare r5");
		assertThat(count("stable")).isEqualTo(SITES + 1);
		assertThat(act("accept").status()).isEqualTo(202);
		assertThat(serving()).isEqualTo(next);
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			assertThat(count("stable")).isEqualTo(SITES);
			assertThat(count("spare")).isEqualTo(SITES);
		});
	}

	@Test
	@Order(5)
	void comparesTheGenerationThatIsKeptAndGoesBackToIt() {
		int serving = serving();
		int kept = serving - 2;
		act("compare");
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(generation(kept).at("/differing").asInt()).isEqualTo(2));
		awaitState(kept, "STANDBY");

		assertThat(act("rollback").status()).isEqualTo(202);
		assertThat(serving()).isEqualTo(kept);
		assertThat(state(serving)).isEqualTo("STANDBY");
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(count("stable")).isEqualTo(SITES + 1));
		assertThat(act("rollback").status()).isEqualTo(202);
	}

	@Test
	@Order(6)
	void refusesWhatItDoesNotKnow() {
		assertThat(act("explode").status()).isEqualTo(400);
		Answer unknown = this.api.post("/actuator/projections", "{\"projection\":\"none\",\"action\":\"rebuild\"}");
		assertThat(unknown.status()).isEqualTo(404);
		assertThat(unknown.json().at("/detail").asString())
			.isEqualTo("projection 'none' is not written by this process. Written are: [installed-apps].");
	}

	@Test
	@Order(7)
	void fillsAnEmptiedRedisFromTheTopicByItself() {
		this.redis.delete(keys());
		assertThat(count("stable")).isNotEqualTo(SITES);

		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			assertThat(serving()).isPositive();
			assertThat(count("stable")).isEqualTo(SITES);
			assertThat(count("spare")).isEqualTo(SITES);
		});
		IntStream.range(0, SITES)
			.forEach((i) -> assertThat(this.api.get("/api/installed-apps/by-site/r" + i).status()).isEqualTo(200));
	}

	@Test
	@Order(8)
	void anActionThatWasTakenIsNotAnsweredAsAFailureWhereKafkaIsAway() {
		ProjectionsEndpoint endpoint = new ProjectionsEndpoint(this.groups, this.generations, this.projections,
				new ObjectProvider<>() {
					@Override
					public TopicEnds getObject() {
						throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "broker-unavailable",
								"Kafka is away.");
					}
				}, this.ids, Clock.systemUTC());
		int before = serving();
		// the writer notes again how far it is, in the Redis that was emptied
		await().atMost(Duration.ofSeconds(60))
			.until(() -> this.api.get("/actuator/projections")
				.json()
				.at("/installed-apps/partitions")
				.valueStream()
				.anyMatch((partition) -> partition.at("/applied").asLong() > 0));

		WebEndpointResponse<ProjectionsEndpoint.ProjectionDescription> taken = endpoint.act("installed-apps",
				"rebuild");

		assertThat(taken.getStatus()).isEqualTo(202);
		assertThat(taken.getBody().serving()).isEqualTo(before);
		assertThat(taken.getBody().generations()).anyMatch((generation) -> generation.generation() == before + 1);
		assertThat(taken.getBody().partitions()).hasSize(6)
			.allMatch((partition) -> partition.lag() == null)
			.anyMatch((partition) -> partition.applied() > 0);
		awaitState(before + 1, "SERVING");
	}

	private void writeUntil(AtomicBoolean over, Queue<String> wrong) {
		for (int i = 0; !over.get(); i++) {
			int site = i % SITES;
			Answer put = this.api.put("/api/sites/r%d/apps/moving".formatted(site), "{\"version\":\"%d\"}".formatted(i),
					PATIENT);
			Answer seen = read("/api/installed-apps/by-site/r" + site, put);
			if (seen.status() != 200 || !seen.body().contains("\"appId\":\"moving\"")) {
				wrong.add("r%d after its write %d: %s".formatted(site, put.status(), seen.body()));
			}
		}
	}

	private static void readUntil(AtomicBoolean over, Queue<String> wrong, Supplier<String> read) {
		while (!over.get()) {
			String found = read.get();
			if (!found.isEmpty()) {
				wrong.add(found);
			}
		}
	}

	private String missingInIndex() {
		Answer page = this.api.get("/api/installed-apps/by-app/stable");
		return (page.status() == 200 && page.json().at("/count").asInt() == SITES
				&& page.json().at("/siteIds").size() == SITES) ? "" : page.body();
	}

	private String missingView() {
		Answer site = this.api.get("/api/installed-apps/by-site/r0");
		return (site.status() == 200) ? "" : site.body();
	}

	private Answer read(String path, Answer written) {
		return this.api.get(path, "Consistency-Token", written.header("Consistency-Token").orElseThrow(), "Prefer",
				"wait=30");
	}

	private int count(String app) {
		return this.api.get("/api/installed-apps/by-app/" + app).json().at("/count").asInt(-1);
	}

	private Answer act(String action) {
		return this.api.post("/actuator/projections",
				"{\"projection\":\"installed-apps\",\"action\":\"%s\"}".formatted(action));
	}

	private JsonNode projection() {
		return this.api.get("/actuator/projections").json().at("/installed-apps");
	}

	private int serving() {
		return projection().at("/serving").asInt(0);
	}

	private JsonNode generation(int number) {
		for (JsonNode generation : projection().at("/generations")) {
			if (generation.at("/generation").asInt() == number) {
				return generation;
			}
		}
		return projection().at("/nothing");
	}

	private String state(int number) {
		return generation(number).at("/state").asString("");
	}

	private void awaitState(int number, String state) {
		await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(state(number)).isEqualTo(state));
	}

	private int awaitWaiting() {
		int[] number = new int[1];
		await().atMost(Duration.ofSeconds(90)).until(() -> {
			for (JsonNode generation : projection().at("/generations")) {
				if (generation.at("/state").asString().equals("WAITING")) {
					number[0] = generation.at("/generation").asInt();
				}
			}
			return number[0] > 0;
		});
		return number[0];
	}

	private String key(int generation, String rest) {
		return this.space.key("installed-apps:%d:%s".formatted(generation, rest));
	}

	private List<String> keys() {
		try (var cursor = this.redis.scan(ScanOptions.scanOptions().match(this.space.key("*")).count(1_000).build())) {
			return cursor.stream().toList();
		}
	}

}
