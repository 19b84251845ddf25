package io.sitestream.projection;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntConsumer;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.sitestream.TestServers;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.projection.TaggedProjection.Tagged;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Generations of the projection of things, alone in a key space of their own.
 */
final class ThingSpace implements AutoCloseable {

	static final String NAME = "things";

	final RedisKeySpace space = new RedisKeySpace("g" + UUID.randomUUID().toString().substring(0, 8) + ":");

	final LettuceConnectionFactory connections;

	final RedisAccess redis;

	final Generations generations;

	Clock clock = Clock.systemUTC();

	boolean hasRun;

	ThingSpace() {
		this.connections = new LettuceConnectionFactory("127.0.0.1", TestServers.redis().port());
		this.connections.afterPropertiesSet();
		this.connections.start();
		this.redis = new RedisAccess(this.connections);
		this.generations = new Generations(this.redis, this.space, new RecordFormat());
	}

	ProjectionWriter<Tagged> writer() {
		return writer(1, this.redis);
	}

	ProjectionWriter<Tagged> writer(int format, RedisAccess redis) {
		TaggedProjection projection = new TaggedProjection(format);
		return new ProjectionWriter<>(projection, redis, new Generations(redis, this.space, new RecordFormat()),
				founding(projection), this.clock);
	}

	Founding founding(TaggedProjection projection) {
		return new Founding(projection, this.generations, () -> this.hasRun, () -> UUID.randomUUID().toString(),
				this.clock);
	}

	/** Tells after each pass how many there were. */
	RedisAccess watched(IntConsumer afterPass) {
		int[] passes = { 0 };
		return new RedisAccess(this.connections) {
			@Override
			<R> List<R> pipelined(
					Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends List<? extends Future<R>>> commands) {
				List<R> answers = super.pipelined(commands);
				afterPass.accept(++passes[0]);
				return answers;
			}
		};
	}

	Catalogue catalogue() {
		return this.generations.catalogue(NAME).orElseThrow();
	}

	Catalogue rebuild(int format) {
		return this.generations.change(NAME,
				(catalogue) -> catalogue.rebuild(UUID.randomUUID().toString(), format, this.clock.instant()));
	}

	/** Fills the generation that is being rebuilt with these records, and says so. */
	Generation fill(List<Consumed<Tagged>> topic) {
		Generation filling = catalogue().find(GenerationState.FILLING).orElseThrow();
		TaggedProjection projection = new TaggedProjection(filling.format());
		this.generations.writer(projection, filling, this.redis, this.clock)
			.write(topic.stream().map((record) -> Projected.of(record, projection)).toList());
		this.generations.change(NAME, (now) -> now.change(filling.id(), (found) -> found.filledTo(Map.of(0, 1L)))
			.filled(filling.id(), Map.of(0, 1L), this.clock.instant()));
		return catalogue().find(filling.id()).orElseThrow();
	}

	/** Compares what is to be compared, and does what follows. */
	Catalogue compare() {
		Generation serving = catalogue().find(GenerationState.SERVING).orElseThrow();
		Generation compared = catalogue().find(GenerationState.COMPARING).orElseThrow();
		Pair pair = new Pair(keys(serving), new TaggedProjection(serving.format()), keys(compared),
				new TaggedProjection(compared.format()));
		try (Lease lease = Lease.of(this.redis, ProjectionKeys.lease(this.space, NAME, "compare")).orElseThrow()) {
			Comparison comparison = new Comparison(pair, this.redis, lease, () -> {
			});
			long count = comparison.run();
			return this.generations.change(NAME,
					(now) -> now.compared(compared.id(), count, comparison.differences(), this.clock.instant()));
		}
	}

	ProjectionKeys keys(Generation generation) {
		return this.generations.keys(NAME, generation);
	}

	ProjectionKeys serving() {
		return keys(catalogue().find(GenerationState.SERVING).orElseThrow());
	}

	Optional<Set<String>> tags(ProjectionKeys keys, int format, String key) {
		return Optional.ofNullable(this.redis.one((redis) -> redis.get(keys.view(key))))
			.map(StoredView::decode)
			.filter((view) -> !view.isMarker())
			.map((view) -> new TaggedProjection(format).tags(view.body()));
	}

	Set<String> members(ProjectionKeys keys, String indexKey) {
		Set<String> members = new TreeSet<>();
		List<byte[]> found = this.redis.one((redis) -> redis.zrange(keys.members(indexKey), 0, -1));
		if (found != null) {
			found.forEach((member) -> members.add(new String(member, UTF_8)));
		}
		return members;
	}

	static Consumed<Tagged> put(String key, long version, String... tags) {
		return record(key, new Tagged(version, List.of(tags)), Map.of(), version);
	}

	static Consumed<Tagged> remove(String key, long version) {
		return record(key, null, Map.of("version", Long.toString(version)), version);
	}

	private static Consumed<Tagged> record(String key, @Nullable Tagged value, Map<String, String> headers,
			long offset) {
		return new Consumed<>(TaggedProjection.THINGS, key, value, headers, new Position(NAME, 0, offset),
				Instant.EPOCH);
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}
