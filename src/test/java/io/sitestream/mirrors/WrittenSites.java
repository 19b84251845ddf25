package io.sitestream.mirrors;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sites written at random, changed and deleted, through one API.
 */
final class WrittenSites {

	static final int APPS = 7;

	private static final String[] PATIENT = { "Prefer", "wait=30" };

	private final ApiClient api;

	private final long seed;

	WrittenSites(ApiClient api, long seed) {
		this.api = api;
		this.seed = seed;
	}

	/**
	 * What the last write of a site was answered with.
	 *
	 * @param siteId the site
	 * @param version its version, that of the deletion for a deleted site
	 * @param deleted whether it is gone
	 * @param apps the ids of its apps, in order
	 * @param token the consistency token
	 */
	record Written(String siteId, int version, boolean deleted, List<String> apps, String token) {

	}

	/**
	 * Writes sites, several at a time.
	 * @param number how many
	 * @return each of them as it was left
	 * @throws Exception if a write is refused
	 */
	List<Written> write(int number) throws Exception {
		try (ExecutorService writers = Executors.newFixedThreadPool(12)) {
			List<Future<Written>> sites = new ArrayList<>();
			for (int i = 0; i < number; i++) {
				String siteId = "site-" + this.seed + "-" + i;
				sites.add(writers.submit(() -> write(siteId, new Random(siteId.hashCode()))));
			}
			List<Written> written = new ArrayList<>();
			for (Future<Written> site : sites) {
				written.add(site.get());
			}
			return written;
		}
	}

	private Written write(String siteId, Random random) {
		TreeMap<String, String> apps = new TreeMap<>();
		for (int i = random.nextInt(4); i > 0; i--) {
			String app = app(random);
			apps.put(app, "{\"appId\":\"%s\",\"version\":\"1\"}".formatted(app));
		}
		Answer last = accepted(
				this.api.post("/api/sites", "{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"S\",\"apps\":[%s]}"
					.formatted(siteId, String.join(",", apps.values())), PATIENT));
		TreeSet<String> left = new TreeSet<>(apps.keySet());
		for (int change = random.nextInt(4); change > 0; change--) {
			String app = app(random);
			String path = "/api/sites/" + siteId + "/apps/" + app;
			last = accepted(left.remove(app) ? this.api.delete(path, PATIENT)
					: this.api.put(path, "{\"version\":\"" + (left.add(app) ? 2 : 0) + "\"}", PATIENT));
		}
		boolean deleted = random.nextInt(6) == 0;
		if (deleted) {
			last = accepted(this.api.delete("/api/sites/" + siteId, PATIENT));
			left.clear();
		}
		return new Written(siteId, version(last), deleted, List.copyOf(left),
				last.header("Consistency-Token").orElseThrow());
	}

	static int version(Answer answer) {
		return Integer.parseInt(answer.header("ETag").orElseThrow().replace("\"", ""));
	}

	private static Answer accepted(Answer answer) {
		assertThat(answer.status()).as(answer.body()).isBetween(200, 204).isNotEqualTo(202);
		return answer;
	}

	private static String app(Random random) {
		return "app-" + random.nextInt(APPS);
	}

}
