package io.sitestream.bench;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.sitestream.ApiClient;
import tools.jackson.databind.JsonNode;

/**
 * Rebuilds the projection of installed apps while a client writes and reads with its
 * tokens, after an entry of a view and one of a reverse list were made wrong by hand; and
 * prints what an operator sees. It accepts the new generation in the end. With
 * {@code --fill=false} it goes on with a rebuild that is under way, as after a restart.
 */
final class RebuildTrial {

	private static final Duration STEP = Duration.ofMillis(500);

	private static final Duration REPORT = Duration.ofSeconds(20);

	private static final Duration BETWEEN_WRITES = Duration.ofMillis(50);

	private static final String WRONG_APP = "planted-app";

	private final ApiClient api;

	private final BenchOptions options;

	private final Map<String, LongAdder> reads = new ConcurrentSkipListMap<>();

	private volatile boolean over;

	private RebuildTrial(BenchOptions options) {
		this.options = options;
		String address = options.text("http");
		this.api = new ApiClient(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
	}

	public static void main(String[] args) throws Exception {
		new RebuildTrial(BenchOptions.of(args)).run();
	}

	private void run() throws Exception {
		boolean begins = this.options.isOn("fill");
		for (int i = 0; i < 3 && begins; i++) {
			String token = this.api.post("/api/sites",
					"{\"siteId\":\"victim-%d\",\"ownerId\":\"ada\",\"name\":\"Victim\",\"apps\":[{\"appId\":\"chat\",\"version\":\"1\"}]}"
						.formatted(i))
				.header("Consistency-Token")
				.orElseThrow();
			this.api.get("/api/installed-apps/by-site/victim-" + i, "Consistency-Token", token);
		}
		long generation = projection().at("/serving").asLong();
		if (begins) {
			plant(generation);
		}
		show("by-site/victim-0");
		show("by-app/" + WRONG_APP);
		try (RedisMemory memory = new RedisMemory(this.options.text("redis"))) {
			long before = memory.used();
			Thread client = Thread.ofPlatform().start(this::writeAndRead);
			rebuild(generation, memory, before);
			this.over = true;
			client.join();
		}
		show("by-site/victim-0");
		show("by-app/" + WRONG_APP);
		System.out.printf("reads with the token of the write before: %s%n", new TreeMap<>(this.reads));
	}

	/** Changes what Redis has, behind the back of the system. */
	private void plant(long generation) {
		RedisClient client = RedisClient.create("redis://" + this.options.text("redis"));
		try (StatefulRedisConnection<String, String> connection = client.connect()) {
			RedisCommands<String, String> redis = connection.sync();
			String space = "installed-apps:" + generation + ":";
			String view = redis.get(space + "view:{victim-0}");
			redis.set(space + "view:{victim-0}", view.replace("\"chat\"", "\"spam\""));
			redis.hset(space + "index:{app/" + WRONG_APP + "}:entries", "victim-1", "1:1");
			redis.zadd(space + "index:{app/" + WRONG_APP + "}:members", 0, "victim-1");
			System.out.println("planted: chat is spam in the view of victim-0, victim-1 is listed for " + WRONG_APP);
		}
		finally {
			client.shutdown();
		}
	}

	private void rebuild(long before, RedisMemory memory, long used) {
		long start = System.nanoTime();
		if (this.options.isOn("fill")) {
			act("rebuild");
			act("rebuild");
		}
		String last = "";
		long printed = 0;
		JsonNode now = projection();
		while (now.at("/serving").asLong() == before && !has(now, "WAITING")) {
			String states = now.at("/generations").findValuesAsString("state").toString();
			if (!states.equals(last) || System.nanoTime() - printed > REPORT.toNanos()) {
				print(start, now);
				last = states;
				printed = System.nanoTime();
			}
			LockSupport.parkNanos(STEP.toNanos());
			now = projection();
		}
		print(start, now);
		System.out.printf("Redis: %,d bytes more for the second generation%n", memory.used() - used);
		now.at("/generations")
			.forEach((generation) -> generation.at("/differences")
				.forEach((difference) -> System.out.println("  differs: " + difference)));
		act("accept");
		do {
			LockSupport.parkNanos(STEP.toNanos());
			now = projection();
		}
		while (now.at("/serving").asLong() == before);
		print(start, now);
	}

	private void act(String action) {
		ApiClient.Answer answer = this.api.post("/actuator/projections",
				"{\"projection\":\"installed-apps\",\"action\":\"%s\"}".formatted(action));
		System.out.printf("%s: %d %s%n", action, answer.status(), answer.json().at("/detail").asString(""));
	}

	private void writeAndRead() {
		for (int i = 1; !this.over; i++) {
			ApiClient.Answer written = this.api.put("/api/sites/victim-2/apps/a%d".formatted(i % 9),
					"{\"version\":\"%d\"}".formatted(i));
			String token = written.header("Consistency-Token").orElse("");
			if (token.isEmpty()) {
				count("write answered " + written.status());
				continue;
			}
			ApiClient.Answer read = this.api.get("/api/installed-apps/by-site/victim-2", "Consistency-Token", token);
			if (read.status() != 200) {
				count("read answered " + read.status());
			}
			else {
				count(read.body().contains("\"version\":\"%d\"".formatted(i)) ? "read right" : "READ WRONG");
			}
			LockSupport.parkNanos(BETWEEN_WRITES.toNanos());
		}
	}

	private void count(String outcome) {
		this.reads.computeIfAbsent(outcome, (unused) -> new LongAdder()).increment();
	}

	private JsonNode projection() {
		return this.api.get("/actuator/projections").json().at("/installed-apps");
	}

	private static boolean has(JsonNode projection, String state) {
		return projection.at("/generations")
			.valueStream()
			.anyMatch((generation) -> generation.at("/state").asString().equals(state));
	}

	private void print(long start, JsonNode projection) {
		System.out.printf("%7.1f s  serving %d  %s  %s%n", (System.nanoTime() - start) / 1e9,
				projection.at("/serving").asLong(), states(projection), new TreeMap<>(this.reads));
	}

	private static String states(JsonNode projection) {
		StringBuilder states = new StringBuilder();
		projection.at("/generations").forEach((generation) -> {
			states.append("| generation %s %s, %,d entries".formatted(generation.at("/generation").asString(),
					generation.at("/state").asString(), generation.at("/entries").asLong()));
			if (generation.at("/left").isNumber()) {
				states.append(", %,d left".formatted(generation.at("/left").asLong()));
			}
			if (generation.at("/differing").isNumber()) {
				states.append(", %,d differing".formatted(generation.at("/differing").asLong()));
			}
			states.append(' ');
		});
		return states.toString();
	}

	private void show(String path) {
		System.out.println("GET " + path + ": " + this.api.get("/api/installed-apps/" + path).body());
	}

}
