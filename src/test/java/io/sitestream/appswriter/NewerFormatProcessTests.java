package io.sitestream.appswriter;

import java.time.Duration;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A rolling update that changes the format of the views.
 */
class NewerFormatProcessTests {

	private static final int SITES = 200;

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	@Test
	void aNewerProcessRebuildsInItsFormatWhileOlderOnesGoOnOwningPartitions() {
		TestSpace space = TestSpace.of("appswriter", "appsreader");
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix());
				SitestreamProcess older = SitestreamProcess.in(space)
					.named("older")
					.modules("appswriter", "appsreader")
					.start()) {
			write(probe, 1);
			ApiClient api = new ApiClient(older.port());
			await().atMost(PATIENCE).untilAsserted(() -> assertEveryoneShows(api, 1, false));

			try (SitestreamProcess newer = SitestreamProcess.in(space)
				.named("newer")
				.modules("appswriter", "appsreader")
				.adding(NewerFormat.class)
				.start()) {
				ApiClient newerApi = new ApiClient(newer.port());
				write(probe, 2);
				await().atMost(PATIENCE).untilAsserted(() -> {
					JsonNode projection = newerApi.get("/actuator/projections").json().at("/installed-apps");
					assertThat(projection.at("/serving").asInt(0)).as("%s", projection).isEqualTo(2);
					assertThat(projection.at("/generations/1/format").asInt(0)).isEqualTo(2);
				});

				write(probe, 3);

				await().atMost(PATIENCE).untilAsserted(() -> {
					assertEveryoneShows(newerApi, 3, true);
					assertEveryoneShows(api, 3, true);
				});
			}
		}
	}

	private static void assertEveryoneShows(ApiClient api, int version, boolean counted) {
		for (int i = 0; i < SITES; i++) {
			JsonNode site = api.get("/api/installed-apps/by-site/s" + i).json();
			assertThat(site.at("/version").asInt(0)).as("%s", site).isEqualTo(version);
			assertThat(site.has("appCount")).isEqualTo(counted);
		}
		assertThat(api.get("/api/installed-apps/by-app/a" + version).json().at("/count").asInt(0)).isEqualTo(SITES);
		assertThat(api.get("/api/installed-apps/by-app/a" + (version - 1)).json().at("/count").asInt(-1)).isZero();
	}

	private static void write(TopicProbe probe, int version) {
		for (int i = 0; i < SITES; i++) {
			probe.send("site-metadata", "s" + i,
					"""
							{"siteId":"s%d","version":%d,"ownerId":"o","name":"S","apps":[{"appId":"a%d","instanceId":"i%d","version":"1","status":"ENABLED","installedAt":"2026-01-01T00:00:00Z"}],"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}"""
						.formatted(i, version, version, i));
		}
		probe.flush();
	}

}
