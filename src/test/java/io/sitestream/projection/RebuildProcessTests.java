package io.sitestream.projection;

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
 * A rebuild survives the process that runs it.
 */
class RebuildProcessTests {

	private static final int SITES = Boolean.getBoolean("sitestream.test.long") ? 200_000 : 12_000;

	@Test
	void aKilledProcessGoesOnWithItsRebuildWhereItHadCommitted() {
		TestSpace space = TestSpace.of("appswriter", "appsreader");
		long[] left = new long[1];
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix())) {
			try (SitestreamProcess process = start(space)) {
				ApiClient api = new ApiClient(process.port());
				for (int i = 0; i < SITES; i++) {
					probe.send("site-metadata", "s" + i, site(i));
				}
				probe.flush();
				await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(entries(api, 0)).isEqualTo(SITES));
				assertThat(
						api.post("/actuator/projections", "{\"projection\":\"installed-apps\",\"action\":\"rebuild\"}")
							.status())
					.isEqualTo(202);
				await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50)).until(() -> {
					left[0] = left(api);
					return left[0] > 0 && left[0] < SITES - 2_000;
				});
				process.kill9();
			}

			try (SitestreamProcess next = start(space)) {
				ApiClient api = new ApiClient(next.port());
				await().atMost(Duration.ofMinutes(5)).untilAsserted(() -> {
					assertThat(left(api)).isLessThanOrEqualTo(left[0]);
					assertThat(projection(api).at("/serving").asInt(0)).as("%s", projection(api)).isEqualTo(2);
				});

				assertThat(api.get("/api/installed-apps/by-app/a3").json().at("/count").asInt()).isEqualTo(SITES / 10);
				assertThat(entries(api, 1)).isLessThanOrEqualTo(SITES);
			}
		}
	}

	private static SitestreamProcess start(TestSpace space) {
		return SitestreamProcess.in(space).named("rebuild").modules("appswriter", "appsreader").start();
	}

	private static long left(ApiClient api) {
		return projection(api).at("/generations/1/left").asLong(0);
	}

	private static long entries(ApiClient api, int index) {
		return projection(api).at("/generations/" + index + "/entries").asLong(0);
	}

	private static JsonNode projection(ApiClient api) {
		return api.get("/actuator/projections").json().at("/installed-apps");
	}

	private static String site(int i) {
		return """
				{"siteId":"s%d","version":1,"ownerId":"o","name":"S","apps":[{"appId":"a%d","instanceId":"i%d","version":"1","status":"ENABLED","installedAt":"2026-01-01T00:00:00Z"}],"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}"""
			.formatted(i, i % 10, i);
	}

}
