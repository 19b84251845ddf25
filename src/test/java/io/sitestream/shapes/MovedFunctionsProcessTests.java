package io.sitestream.shapes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Functions move from a process that has everything into one of their own and back, while
 * sites are written and a file is imported.
 */
class MovedFunctionsProcessTests {

	private static final int CLIENTS = 4;

	private static final int ROWS = 20_000;

	private static final List<String> ALL = List.of("site", "appswriter", "appsreader", "contactjobs",
			"contactimporter");

	/** What moves, and what tells the requests of its process about outcomes. */
	private static final String MOVED = "applySiteCommands,projectInstalledApps,importContacts,settleSiteCommands";

	@TempDir
	private Path trails;

	@Test
	void skipNothingAndMakeNothingVisibleTwice() throws Exception {
		TestSpace space = TestSpace.of(ALL.toArray(String[]::new));
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix());
				SitestreamProcess monolith = process(space, "monolith").launch().awaitReady()) {
			SteadyWrites writes = new SteadyWrites(CLIENTS, monolith.port());
			try (writes; SitestreamProcess split = split(space)) {
				writes.awaitMore(50);
				split.awaitReady();
				writes.target(monolith.port(), split.port());
				writes.awaitMore(100);
				ImportClient client = new ImportClient(monolith.port());
				String location = ImportClient.accepted(client.upload(contacts(), ""));

				assertThat(monolith.terminate()).isEqualTo(143);
				writes.target(split.port());
				writes.awaitMore(100);
				System.out.printf("Moved out: %s.%n", writes);

				try (SitestreamProcess again = process(space, "monolith-again").launch().awaitReady()) {
					writes.target(again.port(), split.port());
					writes.awaitMore(100);
					assertThat(split.terminate()).isEqualTo(143);
					writes.target(again.port());
					writes.awaitMore(100);
					writes.close();
					System.out.printf("And back: %s.%n", writes);

					JsonNode done = new ImportClient(again.port(), client.account()).awaitDone(location);
					assertThat(done.at("/state").asString()).as(done.toString()).isEqualTo("COMPLETED");
					assertThat(done.at("/rows/created").asInt()).isEqualTo(ROWS);
					assertThat(writes.faults()).isEmpty();
					PublishedVersions.of(probe).assertOnceEach(writes.accepted());
					assertThatReadersSeeTheDatabase(new ApiClient(again.port()));
					assertThatTheReportShowsTheMove();
				}
			}
		}
	}

	private static void assertThatReadersSeeTheDatabase(ApiClient api) {
		for (int client = 0; client < CLIENTS; client++) {
			String site = SteadyWrites.site(client);
			JsonNode written = api.get("/api/sites/" + site).json();
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				JsonNode view = api.get("/api/installed-apps/by-site/" + site).json();
				assertThat(view.at("/version")).isEqualTo(written.at("/version"));
				assertThat(view.at("/apps")).isEqualTo(written.at("/apps"));
			});
		}
	}

	private void assertThatTheReportShowsTheMove() throws IOException, InterruptedException {
		ContinuityReport report = ContinuityReport.of(trail("monolith"), trail("split"), trail("monolith-again"));
		System.out.println(report.text());
		assertThat(report.exitCode()).as(report.text()).isZero();
		assertThat(report.text())
			.contains("applySiteCommands", "projectInstalledApps", "importContacts", "trackContactImports")
			.contains(" monolith ", " split ", " monolith-again ")
			.contains("No gap, and nothing was made visible twice.");
	}

	private SitestreamProcess split(TestSpace space) {
		return process(space, "split").modules("site", "appswriter", "contactimporter")
			.with("sitestream.functions", MOVED)
			.launch();
	}

	private SitestreamProcess.Description process(TestSpace space, String name) {
		return SitestreamProcess.in(space)
			.modules(ALL.toArray(String[]::new))
			.named(name)
			.with("sitestream.kafka.trail", trail(name).toString());
	}

	private Path trail(String name) {
		return this.trails.resolve(name + ".trail");
	}

	private static String contacts() {
		return IntStream.range(0, ROWS)
			.mapToObj((row) -> "Person %d,person%d@example.org".formatted(row, row))
			.collect(Collectors.joining("\n", "name,email\n", "\n"));
	}

}
