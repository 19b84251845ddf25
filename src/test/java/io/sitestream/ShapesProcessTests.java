package io.sitestream;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import io.sitestream.ApiClient.Answer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a process of one module connects to, answers and consumes, against the contract's
 * tables. Every process is told the addresses of those servers alone that it may need.
 */
class ShapesProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Columns: module, servers as health names them, groups, paths. */
	private static final String TABLE = """
			site             binders,db     apply-site-commands     /api/sites/s,/api/site-commands/c
			appswriter       binders,redis  project-installed-apps  -
			appsreader       redis          -                       /api/installed-apps/by-app/a
			contactjobs      binders        track-contact-imports   /api/contact-imports,/api/contact-imports/i
			contactimporter  binders,db     import-contacts         /api/contacts,/api/contact-imports/i/rejections
			notification     binders,redis  push-notifications      /ws,/console/console.js
			business         binders        -                       /api/countries
			bookings         binders        derive-time-zones       /api/bookings/time-zones
			ticketing        binders        -                       /api/ticketing/time-zones
			""";

	private static final Map<String, Row> ROWS = rows();

	@ParameterizedTest
	@ValueSource(strings = { "site", "business" })
	void aModuleAloneIsWhatTheContractSays(String module) throws Exception {
		checkAlone(module);
	}

	@ParameterizedTest
	@ValueSource(strings = { "appswriter", "appsreader", "contactjobs", "contactimporter", "notification", "bookings",
			"ticketing" })
	@EnabledIfSystemProperty(named = "sitestream.test.long", matches = "true",
			disabledReason = "the long form: ./mvnw -P long verify")
	void everyModuleAloneIsWhatTheContractSays(String module) throws Exception {
		checkAlone(module);
	}

	@Test
	void aReaderAnswersWithNeitherKafkaNorPostgres() {
		TestSpace space = TestSpace.of("site", "appswriter", "appsreader");
		try (SitestreamProcess writer = SitestreamProcess.in(space)
			.modules("site", "appswriter")
			.named("writer")
			.start(); SitestreamProcess reader = alone("appsreader", space).start()) {
			Answer created = new ApiClient(writer.port()).post("/api/sites",
					"{\"siteId\":\"shop\",\"ownerId\":\"ann\",\"name\":\"Shop\",\"apps\":[{\"appId\":\"chat\",\"version\":\"1\"}]}",
					"Prefer", "wait=30");
			assertThat(created.status()).as(created.body()).isEqualTo(201);
			String token = created.header("Consistency-Token").orElseThrow();
			ApiClient api = new ApiClient(reader.port());

			Answer site = api.get("/api/installed-apps/by-site/shop", "Consistency-Token", token, "Prefer", "wait=30");

			assertThat(site.status()).as(site.body()).isEqualTo(200);
			assertThat(site.json().at("/apps/0/appId").asString()).isEqualTo("chat");
			assertThat(servers(api)).containsExactly("redis");
			writer.kill9();
			assertThat(api.get("/api/installed-apps/by-app/chat").json().at("/siteIds/0").asString()).isEqualTo("shop");
			assertThat(reader.output()).doesNotContain("9092", "ERROR", "WARN");
		}
	}

	@Test
	void aProcessWithoutASecurityModeSaysWhatIsMissing() {
		TestSpace space = TestSpace.of("business");
		SitestreamProcess.Description description = SitestreamProcess.alone().modules("business").named("insecure");
		space.properties()
			.entrySet()
			.stream()
			.filter((property) -> !property.getKey().equals("sitestream.security.mode"))
			.forEach((property) -> description.with(property.getKey(), property.getValue()));
		try (SitestreamProcess refused = description.launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).contains("APPLICATION FAILED TO START")
				.contains(
						"sitestream.security.mode is 'jwt' (the default), but nothing says whose tokens are valid: set spring.security.oauth2.resourceserver.jwt.issuer-uri, .jwk-set-uri or .public-key-location, or ask for sitestream.security.mode=open.")
				.doesNotContain("\tat ");
		}
	}

	@Test
	void aProcessThatIsCalledRefusesFunctionsThatNeedAConsumer() {
		try (SitestreamProcess refused = SitestreamProcess.in(TestSpace.of("bookings"))
			.modules("bookings")
			.named("called")
			.with("sitestream.serving", "http")
			.launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).contains("APPLICATION FAILED TO START")
				.contains(
						"sitestream.serving is 'http', but not every function of this process may be called: deriveTimeZones may not, since it writes time-zones, which is compacted,")
				.contains(
						"; refreshTimeZones may not, since it reads its topic from the beginning into this process's memory, which takes a consumer. Leave out what may not, with sitestream.functions=-deriveTimeZones,-refreshTimeZones, and run it where sitestream.serving is 'kafka'.")
				.doesNotContain("\tat ");
		}
	}

	@Test
	void aProcessThatMayNotCreateTopicsSaysWhichAreMissing() {
		TestSpace space = TestSpace.of("ticketing");
		try (SitestreamProcess refused = SitestreamProcess.in(space)
			.modules("ticketing")
			.named("topicless")
			.with("sitestream.topics.create", "false")
			.launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).contains("APPLICATION FAILED TO START")
				.contains("Topics [%stime-zones] do not exist and sitestream.topics.create is false: create them first."
					.formatted(space.topicPrefix()))
				.doesNotContain("\tat ");
		}
	}

	private static void checkAlone(String module) throws Exception {
		Row row = ROWS.get(module);
		TestSpace space = TestSpace.of(module);
		try (SitestreamProcess process = SitestreamProcess.in(space).modules(module).named(module).start()) {
			ApiClient api = new ApiClient(process.port());

			assertThat(servers(api)).isEqualTo(row.servers());
			assertThat(answeringPaths(api, process.port())).isEqualTo(row.paths());
			if (row.servers().contains("binders")) {
				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(groups(space.topicPrefix())).isEqualTo(row.groups()));
			}
			assertThat(process.output()).doesNotContain("localhost:9092", "localhost/127.0.0.1:6379", "localhost:5432");
			assertThat(process.terminate()).isEqualTo(143);
		}
	}

	/** A process that is told where Redis is, and nothing else. */
	private static SitestreamProcess.Description alone(String module, TestSpace space) {
		SitestreamProcess.Description description = SitestreamProcess.alone()
			.modules(module)
			.named(module)
			.with("sitestream.security.mode", "open");
		new TreeMap<>(space.properties()).forEach((name, value) -> {
			if (name.startsWith("spring.data.redis.") || name.equals("sitestream.redis.prefix")) {
				description.with(name, value);
			}
		});
		return description;
	}

	private static Set<String> servers(ApiClient api) {
		Set<String> components = new TreeSet<>(api.get("/actuator/health").json().at("/components").propertyNames());
		components.retainAll(Set.of("binders", "db", "redis"));
		return components;
	}

	private static Set<String> answeringPaths(ApiClient api, int port) {
		Set<String> answering = new TreeSet<>();
		for (Row row : ROWS.values()) {
			for (String path : row.paths()) {
				if (path.equals("/ws") ? opensWebSocket(port)
						: !api.get(path).body().contains("\"urn:sitestream:problem:not-found\"")) {
					answering.add(path);
				}
			}
		}
		return answering;
	}

	private static boolean opensWebSocket(int port) {
		try (HttpClient client = HttpClient.newHttpClient()) {
			WebSocket socket = client.newWebSocketBuilder()
				.buildAsync(URI.create("ws://127.0.0.1:%d/ws".formatted(port)), new WebSocket.Listener() {
				})
				.join();
			socket.abort();
			return true;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	private static Set<String> groups(String prefix) throws Exception {
		try (Admin admin = Admin
			.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address()))) {
			return admin.listGroups()
				.all()
				.get()
				.stream()
				.map(GroupListing::groupId)
				.filter((group) -> group.startsWith(prefix))
				.map((group) -> group.substring(prefix.length()))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static Map<String, Row> rows() {
		Map<String, Row> rows = new LinkedHashMap<>();
		TABLE.lines()
			.map((line) -> line.trim().split("\\s+"))
			.forEach((cells) -> rows.put(cells[0], new Row(set(cells[1]), set(cells[2]), set(cells[3]))));
		return rows;
	}

	private static Set<String> set(String cell) {
		return cell.equals("-") ? Set.of() : new TreeSet<>(List.of(cell.split(",")));
	}

	/**
	 * What the contract says of a module.
	 *
	 * @param servers the servers that it connects to, as the health endpoint names them
	 * @param groups the groups that its functions consume in
	 * @param paths paths that only it answers
	 */
	private record Row(Set<String> servers, Set<String> groups, Set<String> paths) {

	}

}
