package io.sitestream.bookings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.sitestream.kvstore.TopicSnapshot;
import io.sitestream.kvstore.TopicSnapshots;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

import static io.sitestream.bookings.BookingTopics.TIME_ZONES;
import static io.sitestream.bookings.BookingTopics.TIME_ZONE_OVERRIDES;
import static io.sitestream.business.CountryTopics.COUNTRIES;

/**
 * Derives the time zones in use from countries and overrides, and emits what is different
 * from the zones that were published before. The zones are a function of the complete
 * inputs, never of single events, so it does not matter which events were seen, how often
 * or in which order between the two topics.
 * <p>
 * For that it keeps complete copies of both inputs and of the published zones. They are
 * read from the topics, to the ends that these have then, at the first batch after an
 * assignment (not in the rebalance callback, which must not block), and again when a
 * batch is repeated, since then it is unknown whether what was returned for it was ever
 * published. Called without records, which comes after each assignment, it renews what
 * another tz database, or other countries of its zones, made different since. A fold over
 * single events on top of the published zones alone would forget the override of a zone
 * that nobody uses for a while; folding on the store of {@code refreshTimeZones} would
 * tie this function to a process that runs it, and see its own zones too late. Reading
 * waits for transactions that an owner before this one left open. From then on every
 * batch is folded onto copies, which replace the state when the zones are returned. The
 * edge publishes them in one transaction with the offsets, so once an input's offset is
 * committed, the zones show it.
 */
@Component
class TimeZoneDerivation implements PartitionListener {

	private static final Logger log = LoggerFactory.getLogger(TimeZoneDerivation.class);

	/** For each of three topics; in all well below the transaction's timeout. */
	private static final Duration PATIENCE = Duration.ofSeconds(4);

	private final TopicSnapshots snapshots;

	private final CountryZones zones;

	private @Nullable State state;

	TimeZoneDerivation(TopicSnapshots snapshots, CountryZones zones) {
		this.snapshots = snapshots;
		this.zones = zones;
	}

	@Override
	public void assigned(PartitionLog partitionLog) {
		this.state = null;
	}

	@Override
	public void revoked(String topic, Set<Integer> partitions) {
		this.state = null;
	}

	List<Emission> on(List<Consumed<Object>> records) {
		State before = (this.state == null || records.isEmpty() || this.state.hasSeenOneOf(records)) ? load()
				: this.state;
		TimeZoneInputs inputs = before.inputs().copy();
		Map<Source, Long> seen = new HashMap<>(before.seen());
		for (Consumed<Object> record : records) {
			if (!before.includes(record)) {
				fold(record, inputs);
			}
			seen.put(Source.of(record), record.position().offset() + 1);
		}
		Map<String, TimeZoneInUse> derived = inputs.derive(this.zones);
		List<Emission> changes = changes(before.published(), derived);
		this.state = new State(inputs, derived, before.loaded(), seen);
		return changes;
	}

	private State load() {
		TopicSnapshot<?> countries = this.snapshots.read(COUNTRIES, PATIENCE);
		TopicSnapshot<TimeZoneOverride> overrides = this.snapshots.read(TIME_ZONE_OVERRIDES, PATIENCE);
		TopicSnapshot<TimeZoneInUse> published = this.snapshots.read(TIME_ZONES, PATIENCE);
		Map<Source, Long> loaded = new HashMap<>();
		countries.positions().forEach((partition, end) -> loaded.put(new Source(COUNTRIES, partition), end));
		overrides.positions().forEach((partition, end) -> loaded.put(new Source(TIME_ZONE_OVERRIDES, partition), end));
		log.info("time-zones: derived from {} countries and {} overrides, {} zones published before",
				countries.values().size(), overrides.values().size(), published.values().size());
		published.values().values().forEach(NewerRules::notice);
		return new State(
				new TimeZoneInputs(new TreeSet<>(countries.values().keySet()), new TreeMap<>(overrides.values())),
				published.values(), loaded, Map.of());
	}

	private static void fold(Consumed<Object> record, TimeZoneInputs inputs) {
		if (record.value() instanceof TimeZoneOverride override) {
			inputs.overrides().put(record.key(), override);
		}
		else if (record.topic().equals(TIME_ZONE_OVERRIDES)) {
			inputs.overrides().remove(record.key());
		}
		else if (record.isTombstone()) {
			inputs.countries().remove(record.key());
		}
		else {
			inputs.countries().add(record.key());
		}
	}

	private static List<Emission> changes(Map<String, TimeZoneInUse> before, Map<String, TimeZoneInUse> after) {
		List<Emission> changes = new ArrayList<>();
		after.forEach((zone, record) -> {
			if (!record.equals(before.get(zone))) {
				changes.add(Emission.of(TIME_ZONES, zone, record));
			}
		});
		before.keySet()
			.stream()
			.filter((zone) -> !after.containsKey(zone))
			.forEach((zone) -> changes.add(Emission.tombstone(TIME_ZONES, zone)));
		return changes;
	}

	/**
	 * A partition of an input.
	 *
	 * @param topic the topic
	 * @param partition the partition
	 */
	private record Source(Topic<?> topic, int partition) {

		static Source of(Consumed<?> record) {
			return new Source(record.topic(), record.position().partition());
		}

	}

	/**
	 * What is known.
	 *
	 * @param inputs what the zones follow from
	 * @param published the zones as they are in the topic, once the last batch is
	 * committed
	 * @param loaded the offsets up to which the inputs were read at the beginning
	 * @param seen the offsets after the records that came in batches since
	 */
	private record State(TimeZoneInputs inputs, Map<String, TimeZoneInUse> published, Map<Source, Long> loaded,
			Map<Source, Long> seen) {

		boolean includes(Consumed<?> record) {
			return record.position().offset() < this.loaded.getOrDefault(Source.of(record), 0L);
		}

		boolean hasSeenOneOf(List<? extends Consumed<?>> records) {
			return records.stream()
				.anyMatch((record) -> record.position().offset() < this.seen.getOrDefault(Source.of(record), 0L));
		}

	}

}
