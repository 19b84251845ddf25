package io.sitestream.shapes;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestSpace;
import io.sitestream.platform.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a process of some modules connects to, answers and consumes, against the
 * contract's tables. Every process is told addresses of all servers; where it must not
 * need one, that address is a trap.
 */
class ShapesProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Servers as the health endpoint names them. */
	private static final Map<String, Server> COMPONENTS = Map.of("binders", Server.KAFKA, "redis", Server.REDIS, "db",
			Server.POSTGRESQL);

	@Test
	void aModuleAloneIsWhatTheContractSays() throws Exception {
		check("business");
	}

	@ParameterizedTest
	@ValueSource(strings = { "site", "appswriter", "contactjobs", "contactimporter", "notification", "bookings",
			"ticketing", "appswriter,appsreader", "contactjobs,contactimporter", "notification,appsreader",
			"business,bookings,ticketing" })
	@EnabledIfSystemProperty(named = "sitestream.test.long", matches = "true",
			disabledReason = "the long form: ./mvnw -P long verify")
	void everyModuleAloneAndUsefulGroupsAreWhatTheContractSays(String modules) throws Exception {
		check(modules);
	}

	@ParameterizedTest
	@CsvSource({ "site, applySiteCommands, apply-site-commands", "site, settleSiteCommands, ''",
			"contactjobs, trackContactImports, track-contact-imports", "contactjobs, refreshContactImports, ''",
			"bookings, deriveTimeZones, derive-time-zones" })
	@EnabledIfSystemProperty(named = "sitestream.test.long", matches = "true",
			disabledReason = "the long form: ./mvnw -P long verify")
	void aFunctionAloneConsumesInItsGroupAlone(String module, String functions, String group) throws Exception {
		TestSpace space = TestSpace.of(module);
		ModuleRow row = ModuleRow.of(module);
		try (ServerAddresses addresses = new ServerAddresses(space, row.servers());
				SitestreamProcess process = process(space, addresses, module).with("sitestream.functions", functions)
					.start()) {
			check(new ModuleRow(row.servers(), group.isEmpty() ? Set.of() : Set.of(group), row.paths()), addresses,
					process);
		}
	}

	@Test
	void aReaderAnswersWithNeitherKafkaNorPostgresNorItsWriter() throws Exception {
		TestSpace space = TestSpace.of("site", "appswriter", "appsreader");
		ModuleRow reading = ModuleRow.of("appsreader");
		try (ServerAddresses all = new ServerAddresses(space, EnumSet.allOf(Server.class));
				ServerAddresses redis = new ServerAddresses(space, reading.servers());
				SitestreamProcess writer = process(space, all, "site,appswriter").launch();
				SitestreamProcess reader = process(space, redis, "appsreader").launch()) {
			check(ModuleRow.of("site,appswriter"), all, writer.awaitReady());
			Answer created = new ApiClient(writer.port()).post("/api/sites",
					"{\"siteId\":\"shop\",\"ownerId\":\"ann\",\"name\":\"Shop\",\"apps\":[{\"appId\":\"chat\",\"version\":\"1\"}]}",
					"Prefer", "wait=30");
			assertThat(created.status()).as(created.body()).isEqualTo(201);
			String token = created.header("Consistency-Token").orElseThrow();
			ApiClient api = new ApiClient(reader.awaitReady().port());

			Answer site = api.get("/api/installed-apps/by-site/shop", "Consistency-Token", token, "Prefer", "wait=30");

			assertThat(site.status()).as(site.body()).isEqualTo(200);
			assertThat(site.json().at("/apps/0/appId").asString()).isEqualTo("chat");
			writer.kill9();
			assertThat(api.get("/api/installed-apps/by-app/chat").json().at("/siteIds/0").asString()).isEqualTo("shop");
			assertThat(servers(api)).isEqualTo(reading.servers());
			assertThat(answeringPaths(api, reader.port())).isEqualTo(reading.paths());
			assertThat(redis.trapped()).isEmpty();
			assertThat(reader.output()).doesNotContain("ERROR", "WARN");
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

	private static void check(String modules) throws Exception {
		ModuleRow row = ModuleRow.of(modules);
		TestSpace space = TestSpace.of(modules.split(","));
		try (ServerAddresses addresses = new ServerAddresses(space, row.servers());
				SitestreamProcess process = process(space, addresses, modules).start()) {
			check(row, addresses, process);
			assertThat(process.terminate()).isEqualTo(143);
			assertThat(addresses.trapped()).as("also at its end").isEmpty();
		}
	}

	private static void check(ModuleRow row, ServerAddresses addresses, SitestreamProcess process) {
		ApiClient api = new ApiClient(process.port());
		assertThat(servers(api)).isEqualTo(row.servers());
		assertThat(answeringPaths(api, process.port())).isEqualTo(row.paths());
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(addresses.members()).containsOnlyKeys(row.groups())
				.allSatisfy((group, members) -> assertThat(members).as(group).isOne()));
		await().atMost(PATIENCE).untilAsserted(() -> {
			for (Server server : row.servers()) {
				assertThat(addresses.isConnected(server)).as(server.name())
					.isEqualTo(server != Server.KAFKA || !row.groups().isEmpty());
			}
		});
		assertThat(addresses.trapped()).isEmpty();
		assertThat(process.output()).doesNotContain("localhost:9092", "localhost/127.0.0.1:6379", "localhost:5432");
	}

	private static SitestreamProcess.Description process(TestSpace space, ServerAddresses addresses, String modules) {
		SitestreamProcess.Description description = SitestreamProcess.in(space)
			.modules(modules)
			.named(modules.replace(',', '-'));
		addresses.properties().forEach(description::with);
		return description;
	}

	private static Set<Server> servers(ApiClient api) {
		return api.get("/actuator/health")
			.json()
			.at("/components")
			.propertyNames()
			.stream()
			.filter(COMPONENTS::containsKey)
			.map(COMPONENTS::get)
			.collect(Collectors.toSet());
	}

	private static Set<String> answeringPaths(ApiClient api, int port) {
		Set<String> answering = new TreeSet<>();
		for (ModuleRow row : ModuleRow.all()) {
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

}
