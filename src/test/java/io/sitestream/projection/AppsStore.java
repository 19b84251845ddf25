package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.sitestream.appswriter.InstalledApps;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.Topic;
import io.sitestream.projection.reading.ReadSources;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Installed apps in a Redis, written and read by hand: both sides of the engine, without
 * topics.
 */
final class AppsStore implements AutoCloseable {

	private static final Topic<InstalledApps> TOPIC = Topic.compacted("apps", InstalledApps.class, 1);

	private final ReadSources sources;

	private final ProjectionWriter<InstalledApps> writer;

	private final ProjectionReader reader;

	AppsStore(LettuceConnectionFactory connections, ReadSources sources, RedisKeySpace space) {
		this.sources = sources;
		RedisAccess redis = new RedisAccess(connections);
		RecordFormat format = new RecordFormat();
		Apps apps = new Apps(format);
		Generations generations = new Generations(redis, space, format);
		this.writer = new ProjectionWriter<>(apps, redis, generations,
				new Founding(apps, generations, () -> false, () -> UUID.randomUUID().toString(), Clock.systemUTC()),
				Clock.systemUTC());
		this.reader = new ProjectionReader(InstalledApps.PROJECTION, 1, sources, space, Clock.systemUTC());
	}

	/**
	 * Writes a site, with an instance of each app.
	 * @param siteId the site
	 * @param version its version
	 * @param apps the ids of its apps
	 * @return the token of the write
	 */
	ConsistencyToken put(String siteId, long version, String... apps) {
		write(siteId,
				new InstalledApps(siteId, version,
						Arrays.stream(apps)
							.map((app) -> new InstalledApps.App(app, siteId + "-" + app, "1", "ENABLED", Instant.EPOCH))
							.toList()),
				version);
		return token(siteId, version);
	}

	ConsistencyToken remove(String siteId, long version) {
		write(siteId, null, version);
		return token(siteId, version);
	}

	ProjectionReader reader() {
		return this.reader;
	}

	List<String> sitesWith(List<ConsistencyToken> tokens, String app) {
		return this.reader
			.read(tokens, Duration.ofSeconds(60), (reading) -> reading.page(InstalledApps.byApp(app), "", 1_000))
			.keys();
	}

	@Override
	public void close() {
		this.reader.close();
		this.sources.close();
	}

	static ConsistencyToken token(String siteId, long version) {
		return new ConsistencyToken("sites", siteId, version, Instant.now());
	}

	private void write(String siteId, @Nullable InstalledApps site, long version) {
		this.writer.on(List.of(new Consumed<>(TOPIC, siteId, site, Map.of("version", Long.toString(version)),
				new Position("apps", 0, 0), Instant.EPOCH)));
	}

	private record Apps(RecordFormat json) implements Projection<InstalledApps> {

		@Override
		public String name() {
			return InstalledApps.PROJECTION;
		}

		@Override
		public Topic<InstalledApps> topic() {
			return TOPIC;
		}

		@Override
		public long version(InstalledApps site) {
			return site.version();
		}

		@Override
		public @Nullable Long tombstoneVersion(Map<String, String> headers) {
			return Long.valueOf(headers.getOrDefault("version", "0"));
		}

		@Override
		public byte[] view(InstalledApps site) {
			return this.json.write(site);
		}

		@Override
		public Set<String> indexKeys(byte[] view) {
			Set<String> keys = new LinkedHashSet<>();
			this.json.read(view, InstalledApps.class).apps().forEach((app) -> {
				keys.add(InstalledApps.byApp(app.appId()));
				keys.add(InstalledApps.byInstance(app.instanceId()));
			});
			return keys;
		}

	}

}
