package io.sitestream.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.site.InstalledApp;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the projection of installed apps with generated sites: how long it takes to
 * fill, what Redis needs for it, how long the list of an app that is on three sites of
 * ten takes to page through, and reads a second. {@code --fill=false} leaves the sites
 * out that an earlier run has written.
 */
final class ProjectionMeasurement {

	private static final String GROUP = "project-installed-apps";

	/** Answered by the same server from a key-value store. */
	private static final String IN_MEMORY = "/api/ticketing/time-zones/Europe/Zurich";

	private final BenchOptions options;

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper mapper = JsonMapper.builder().build();

	private ProjectionMeasurement(BenchOptions options) {
		this.options = options;
	}

	public static void main(String[] args) throws Exception {
		new ProjectionMeasurement(BenchOptions.of(args)).run();
	}

	private void run() throws Exception {
		int sites = this.options.number("sites");
		try (RedisMemory redis = new RedisMemory(this.options.text("redis"))) {
			if (this.options.isOn("fill")) {
				fill(redis, sites);
			}
			redis.byKind().forEach((kind, line) -> System.out.printf("  %s: %s%n", kind, line));
		}
		page(sites);
		ReaderLoad load = new ReaderLoad(this.options.text("http"), this.options.number("clients"),
				this.options.number("seconds"));
		load.measure("baseline: from memory, without Redis", () -> IN_MEMORY);
		load.measure("cold, all sites", sites);
		load.measure("hot, 1,000 sites", Math.min(1_000, sites));
		load.measure("hot again", Math.min(1_000, sites));
		load.measure("baseline again", () -> IN_MEMORY);
	}

	private void fill(RedisMemory redis, int sites) throws Exception {
		long before = redis.used();
		long keys = redis.keys();
		long start = System.nanoTime();
		long apps = new SiteGenerator(this.options).run();
		long lag = awaitNoLag();
		double seconds = (System.nanoTime() - start) / 1e9;
		long bytes = redis.used() - before;
		System.out.printf("filled in %.1f s: %,.0f sites/s (%,d behind when all were written)%n", seconds,
				sites / seconds, lag);
		System.out.printf("Redis: %,d bytes and %,d keys more: %,d bytes a site, %,d bytes an installed app, all in%n",
				bytes, redis.keys() - keys, bytes / sites, bytes / Math.max(1, apps));
	}

	/** Waits until the writer's group has read the topic to its end. */
	private long awaitNoLag() throws InterruptedException, ExecutionException {
		try (Admin admin = Admin
			.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, this.options.text("kafka")))) {
			long first = lag(admin);
			while (lag(admin) > 0) {
				LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
			}
			return first;
		}
	}

	private long lag(Admin admin) throws InterruptedException, ExecutionException {
		String prefix = this.options.text("topics-prefix");
		String topic = prefix + "site-metadata";
		Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(prefix + GROUP)
			.partitionsToOffsetAndMetadata()
			.get();
		Map<TopicPartition, OffsetSpec> latest = admin.describeTopics(List.of(topic))
			.allTopicNames()
			.get()
			.get(topic)
			.partitions()
			.stream()
			.collect(Collectors.toMap((info) -> new TopicPartition(topic, info.partition()),
					(info) -> OffsetSpec.latest()));
		return admin.listOffsets(latest)
			.all()
			.get()
			.entrySet()
			.stream()
			.mapToLong((end) -> end.getValue().offset()
					- (committed.get(end.getKey()) != null ? committed.get(end.getKey()).offset() : 0))
			.sum();
	}

	/** Pages through the list of the popular app, and compares it with the catalogue. */
	private void page(int sites) throws IOException, InterruptedException {
		SiteCatalogue catalogue = new SiteCatalogue(this.options.number("seed"), this.options.number("version"));
		long expected = IntStream.range(0, sites)
			.filter((number) -> catalogue.site(number)
				.apps()
				.stream()
				.map(InstalledApp::appId)
				.anyMatch(SiteCatalogue.POPULAR::equals))
			.count();
		long start = System.nanoTime();
		long found = 0;
		int pages = 0;
		String last = "";
		JsonNode page;
		do {
			page = get("/api/installed-apps/by-app/%s?limit=1000%s".formatted(SiteCatalogue.POPULAR,
					last.isEmpty() ? "" : "&after=" + last));
			for (JsonNode siteId : page.at("/siteIds")) {
				if (siteId.asString().compareTo(last) <= 0) {
					throw new IllegalStateException("'%s' comes after '%s'.".formatted(siteId.asString(), last));
				}
				last = siteId.asString();
				found++;
			}
			pages++;
		}
		while (!page.at("/next").isNull());
		double seconds = (System.nanoTime() - start) / 1e9;
		System.out.printf("by-app, paged through: %,d sites (expected %,d) on %,d pages in %.2f s: %,.0f sites/s%n",
				found, expected, pages, seconds, found / seconds);
		if (found != expected) {
			throw new IllegalStateException("The list is not that of the catalogue.");
		}
	}

	private JsonNode get(String path) throws IOException, InterruptedException {
		String uri = "http://" + this.options.text("http") + path;
		return this.mapper.readTree(
				this.client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString()).body());
	}

}
