package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nobody needs any more, half of the time resting: generations that were
 * dropped, absences of index entries after 24 h, and what stopped writers have left
 * behind.
 */
final class Housekeeping {

	private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

	/** After that no writer is expected to write a dropped generation any more. */
	private static final Duration STRAGGLERS = Duration.ofSeconds(60);

	private static final Duration ABSENCES_KEPT = Duration.ofHours(24);

	private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);

	/** Early enough for processes that never get to be an hour old. */
	private static final Duration FIRST_SWEEP = Duration.ofMinutes(5);

	private final Formats<?> formats;

	private final Generations generations;

	private final RedisAccess redis;

	private final Clock clock;

	/**
	 * Index keys with fewer entries are swept in Redis, which does nothing else
	 * meanwhile.
	 */
	private static final int SMALL = 500;

	private static final long TOO_BIG = -1;

	private final Script smallScript = new Script("sweep-small.lua", ScriptOutputType.INTEGER);

	private final Script sweepScript = new Script("sweep.lua", ScriptOutputType.INTEGER);

	private final Set<String> removedOnce = new HashSet<>();

	private Instant nextSweep;

	Housekeeping(Formats<?> formats, Generations generations, RedisAccess redis, Clock clock) {
		this.formats = formats;
		this.generations = generations;
		this.redis = redis;
		this.clock = clock;
		this.nextSweep = clock.instant().plus(FIRST_SWEEP);
	}

	/**
	 * Removes dropped generations: at once, and once more when nobody who has not heard
	 * of it can still write them.
	 * @param catalogue the catalogue
	 * @param afterwards called with a generation that is removed for good, whether or not
	 * it fails
	 */
	void remove(Catalogue catalogue, Consumer<Generation> afterwards) {
		for (Generation dropped : catalogue.dropped()) {
			boolean last = dropped.since().plus(STRAGGLERS).isBefore(this.clock.instant());
			if (last || this.removedOnce.add(dropped.id())) {
				leased("remove", (scan) -> {
					String name = this.formats.newest().name();
					long[] count = { 0 };
					scan.each(this.generations.keys(name, dropped).all(), (keys) -> {
						count[0] += keys.size();
						this.redis.pipelined((redis) -> keys.stream().map((key) -> redis.unlink(key)).toList());
					});
					log.info("{}: {} keys of generation {} are removed.", name, count[0], dropped.number());
					if (last) {
						this.generations.forget(name, dropped);
						this.removedOnce.remove(dropped.id());
						afterwards.accept(dropped);
					}
				});
			}
		}
	}

	/**
	 * Sweeps soon after the start and then once an hour, whichever instance is first.
	 * @param catalogue the catalogue
	 */
	void sweep(Catalogue catalogue) {
		Instant now = this.clock.instant();
		if (this.nextSweep.isAfter(now)) {
			return;
		}
		this.nextSweep = now.plus(SWEEP_INTERVAL);
		byte[] turn = ProjectionKeys.lease(this.generations.space(), this.formats.newest().name(), "swept");
		if (this.redis.one((redis) -> redis.set(turn, new byte[0],
				SetArgs.Builder.nx().px(SWEEP_INTERVAL.dividedBy(2).toMillis()))) != null) {
			sweepNow(catalogue);
		}
	}

	void sweepNow(Catalogue catalogue) {
		for (Generation generation : catalogue.written()) {
			if (this.formats.knows(generation.format())) {
				leased("sweep", (scan) -> sweep(scan, generation));
			}
		}
	}

	private void sweep(KeyScan scan, Generation generation) {
		String name = this.formats.newest().name();
		ProjectionKeys keys = this.generations.keys(name, generation);
		GenerationWriter writer = this.generations.writer(this.formats.get(generation.format()), generation, this.redis,
				this.clock);
		scan.each(keys.intents(), (found) -> writer
			.finish(found.stream().map((intent) -> ProjectionKeys.keyOf(keys.intents(), intent)).toList()));
		long[] count = { 0 };
		long before = this.clock.instant().minus(ABSENCES_KEPT).getEpochSecond();
		scan.each(keys.indexes(), (found) -> sweepSmall(
				found.stream().filter((key) -> keys.isEntries(new String(key, StandardCharsets.UTF_8))).toList(),
				before, (swept) -> count[0] += swept)
			.forEach((big) -> count[0] += sweep(scan, big, before)));
		log.info("{}: {} absences of generation {} are swept.", name, count[0], generation.number());
	}

	/**
	 * Sweeps index keys with few entries.
	 * @return those that have too many
	 */
	private List<byte[]> sweepSmall(List<byte[]> entries, long before, LongConsumer swept) {
		this.redis.pipelined(this.smallScript::load);
		List<Long> answers = this.redis.pipelined((redis) -> entries.stream()
			.map((key) -> this.smallScript.<Long>run(redis, new byte[][] { key }, ascii(before), ascii(SMALL)))
			.toList());
		List<byte[]> big = new ArrayList<>();
		for (int i = 0; i < entries.size(); i++) {
			if (answers.get(i) == TOO_BIG) {
				big.add(entries.get(i));
			}
			else {
				swept.accept(answers.get(i));
			}
		}
		return big;
	}

	private static byte[] ascii(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	private long sweep(KeyScan scan, byte[] entries, long before) {
		long[] count = { 0 };
		scan.<MapScanCursor<byte[], byte[]>, Map.Entry<byte[], byte[]>>steps(
				(redis, cursor) -> redis.hscan(entries, cursor, ScanArgs.Builder.limit(1_000)),
				(step) -> List.copyOf(step.getMap().entrySet()), (found) -> {
					List<byte[]> old = new ArrayList<>();
					found.stream().filter((entry) -> isAbsentSince(entry.getValue(), before)).forEach((entry) -> {
						old.add(entry.getKey());
						old.add(entry.getValue());
					});
					if (!old.isEmpty()) {
						Long swept = this.redis.one((redis) -> this.sweepScript.<Long>eval(redis,
								new byte[][] { entries }, old.toArray(byte[][]::new)));
						count[0] += (swept != null) ? swept : 0;
					}
				});
		return count[0];
	}

	private static boolean isAbsentSince(byte[] entry, long before) {
		String[] parts = new String(entry, StandardCharsets.UTF_8).split(":");
		return parts.length == 3 && Long.parseLong(parts[2]) < before;
	}

	private void leased(String task, Consumer<KeyScan> action) {
		byte[] key = ProjectionKeys.lease(this.generations.space(), this.formats.newest().name(), task);
		Lease.of(this.redis, key).ifPresent((lease) -> {
			try (lease) {
				action.accept(new KeyScan(this.redis, lease));
			}
		});
	}

}
