package io.sitestream.site.cdc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The process that streams changes dies, or stops and wakes up late, while others write.
 */
class ChangeStreamProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static final int SITES = 6;

	@Test
	void goesOnInAnotherProcessWhenItsOwnIsKilled() throws InterruptedException {
		handOver(SitestreamProcess::kill9, (killed) -> {
		});
	}

	@Test
	@EnabledIfSystemProperty(named = "sitestream.test.long", matches = "true")
	void goesOnInAnotherProcessWhenItsOwnStopsAndWakesUpLate() throws InterruptedException {
		handOver(SitestreamProcess::sigstop, SitestreamProcess::sigcont);
	}

	private void handOver(Consumer<SitestreamProcess> end, Consumer<SitestreamProcess> afterwards)
			throws InterruptedException {
		TestSpace space = TestSpace.of("site");
		try (SitestreamProcess one = site(space, "one").launch();
				SitestreamProcess two = site(space, "two").launch();
				TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix());
				ExecutorService writers = Executors.newFixedThreadPool(2)) {
			one.awaitReady();
			two.awaitReady();
			await().atMost(PATIENCE).until(() -> isActive(one) != isActive(two));
			SitestreamProcess owner = isActive(one) ? one : two;
			SitestreamProcess heir = isActive(one) ? two : one;
			ApiClient api = new ApiClient(heir.port());
			AtomicBoolean enough = new AtomicBoolean();
			for (int i = 0; i < SITES; i++) {
				String site = "site-" + i;
				assertThat(create(api, site).status()).isEqualTo(201);
				writers.submit(() -> {
					while (!enough.get()) {
						api.put("/api/sites/" + site + "/apps/chat", "{\"version\":\"1\"}");
					}
				});
			}
			await().atMost(PATIENCE).until(() -> versions(probe).values().stream().mapToInt(List::size).sum() > 60);

			end.accept(owner);
			await("the heir streams").atMost(PATIENCE).until(() -> isActive(heir));
			int then = versions(probe).values().stream().mapToInt(List::size).sum();
			await().atMost(PATIENCE)
				.until(() -> versions(probe).values().stream().mapToInt(List::size).sum() > then + 60);
			afterwards.accept(owner);
			enough.set(true);
			writers.shutdown();

			for (int i = 0; i < SITES; i++) {
				String site = "site-" + i;
				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(versions(probe).get(site)).isEqualTo(upTo(newest(api, site))));
			}
		}
	}

	private static SitestreamProcess.Description site(TestSpace space, String name) {
		return SitestreamProcess.in(space).modules("site").named(name).with("sitestream.site.write-path", "cdc");
	}

	private static Answer create(ApiClient api, String site) {
		return api.post("/api/sites", "{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\"}".formatted(site));
	}

	private static boolean isActive(SitestreamProcess process) {
		return new ApiClient(process.port()).get("/actuator/health")
			.json()
			.at("/components/siteChanges/details/state")
			.asString()
			.equals("ACTIVE");
	}

	private static long newest(ApiClient api, String site) {
		return api.get("/api/sites/" + site).json().at("/version").asLong();
	}

	private static List<Long> upTo(long newest) {
		return LongStream.rangeClosed(1, newest).boxed().toList();
	}

	private static Map<String, List<Long>> versions(TopicProbe probe) {
		Map<String, List<Long>> versions = new TreeMap<>();
		probe.committed("site-metadata")
			.forEach((record) -> versions
				.computeIfAbsent(new String(record.key(), StandardCharsets.UTF_8), (site) -> new ArrayList<>())
				.add(Long.parseLong(TopicProbe.header(record, "ce_siteversion"))));
		return versions;
	}

}
