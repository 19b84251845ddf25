package io.sitestream.bookings;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.sitestream.business.Country;
import io.sitestream.kvstore.TopicSnapshot;
import io.sitestream.kvstore.TopicSnapshots;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.sitestream.bookings.BookingTopics.TIME_ZONES;
import static io.sitestream.bookings.BookingTopics.TIME_ZONE_OVERRIDES;
import static io.sitestream.business.CountryTopics.COUNTRIES;
import static org.assertj.core.api.Assertions.assertThat;

class TimeZoneDerivationUnitTests {

	private final Topics topics = new Topics();

	private final CountryZones zones = new CountryZones();

	private TimeZoneDerivation derivation = new TimeZoneDerivation(this.topics, this.zones);

	@Test
	void emitsTheZonesOfACountryThatIsAdded() {
		add("SS");

		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Africa/Juba", juba(null)));
	}

	@Test
	void removesAZoneWithItsLastUser() {
		add("SS");
		process();
		remove("SS");

		assertThat(process()).containsExactly(Emission.tombstone(TIME_ZONES, "Africa/Juba"));
	}

	@Test
	void keepsAZoneThatSeveralCountriesShareUntilItsLastUserGoes() {
		// each zone of ICU's data has one country: only other data lets them share
		this.derivation = new TimeZoneDerivation(this.topics,
				new CountryZones(Map.of("CH", List.of("Europe/Zurich"), "LI", List.of("Europe/Zurich"))));
		add("LI");
		add("CH");
		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Europe/Zurich", zurich("CH", "LI")));
		remove("CH");
		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Europe/Zurich", zurich("LI")));
		remove("LI");
		assertThat(process()).containsExactly(Emission.tombstone(TIME_ZONES, "Europe/Zurich"));
	}

	private static TimeZoneInUse zurich(String... countries) {
		return new TimeZoneInUse("Europe/Zurich", List.of(countries), TimeZoneInUse.rulesVersion("Europe/Zurich"),
				null);
	}

	@Test
	void emitsNothingForWhatIsPublishedAlready() {
		add("SS");
		process();
		add("SS");

		assertThat(process()).isEmpty();
	}

	@Test
	void emitsNothingForACountryThatComesAndGoesInOneBatch() {
		add("SS");
		remove("SS");

		assertThat(process()).isEmpty();
	}

	@Test
	void putsAnOverrideOnTheZoneAndTakesItAway() {
		add("SS");
		process();
		TimeZoneOverride override = new TimeZoneOverride("Africa/Juba", "+03:00", false);
		this.topics.append(TIME_ZONE_OVERRIDES, "Africa/Juba", override);
		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Africa/Juba", juba(override)));

		this.topics.append(TIME_ZONE_OVERRIDES, "Africa/Juba", null);

		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Africa/Juba", juba(null)));
	}

	@Test
	void takesAnOverrideUnderAnOldNameOfTheZoneUnlessThereIsOneUnderItsId() {
		add("UA");
		process();
		this.topics.append(TIME_ZONE_OVERRIDES, "Europe/Kiev", new TimeZoneOverride("Europe/Kiev", "+03:00", false));
		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Europe/Kyiv", kyiv("+03:00")));
		this.topics.append(TIME_ZONE_OVERRIDES, "Europe/Kyiv", new TimeZoneOverride("Europe/Kyiv", "+01:00", false));
		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Europe/Kyiv", kyiv("+01:00")));

		this.topics.append(TIME_ZONE_OVERRIDES, "Europe/Kyiv", null);

		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Europe/Kyiv", kyiv("+03:00")));
	}

	private static TimeZoneInUse kyiv(String offset) {
		return new TimeZoneInUse("Europe/Kyiv", List.of("UA"), TimeZoneInUse.rulesVersion("Europe/Kyiv"),
				new TimeZoneOverride("Europe/Kyiv", offset, false));
	}

	@Test
	void remembersTheOverrideOfAZoneThatNobodyUsesForAWhile() {
		TimeZoneOverride override = new TimeZoneOverride("Africa/Juba", "+03:00", false);
		this.topics.append(TIME_ZONE_OVERRIDES, "Africa/Juba", override);
		add("SS");
		process();
		remove("SS");
		process();
		restart();
		add("SS");

		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Africa/Juba", juba(override)));
	}

	@Test
	void emitsAgainWhatWasReturnedButNeverPublished() {
		add("SS");
		List<Consumed<Object>> batch = this.topics.unread();
		List<Emission> lost = this.derivation.on(batch);

		List<Emission> again = this.derivation.on(batch);

		assertThat(again).isEqualTo(lost).isNotEmpty();
	}

	@Test
	void renewsRecordsOfAnotherVersionOfTheRules() {
		add("SS");
		this.topics.publish(
				Emission.of(TIME_ZONES, "Africa/Juba", new TimeZoneInUse("Africa/Juba", List.of("SS"), "1970a", null)));

		assertThat(process()).containsExactly(Emission.of(TIME_ZONES, "Africa/Juba", juba(null)));
	}

	@Test
	void renewsThemWithoutAnyRecordAndNeverTrustsThatItHas() {
		add("SS");
		process();
		this.topics.publish(
				Emission.of(TIME_ZONES, "Africa/Juba", new TimeZoneInUse("Africa/Juba", List.of("SS"), "1970a", null)));
		List<Emission> renewal = List.of(Emission.of(TIME_ZONES, "Africa/Juba", juba(null)));

		assertThat(this.derivation.on(List.of())).isEqualTo(renewal);
		// the first one's transaction was rolled back
		assertThat(this.derivation.on(List.of())).isEqualTo(renewal);
		renewal.forEach(this.topics::publish);

		assertThat(this.derivation.on(List.of())).isEmpty();
	}

	@Test
	void removesZonesThatAnotherWriterLeft() {
		this.topics.publish(Emission.of(TIME_ZONES, "Asia/Tokyo",
				new TimeZoneInUse("Asia/Tokyo", List.of("JP"), TimeZoneInUse.rulesVersion("Asia/Tokyo"), null)));
		add("SS");

		assertThat(process()).contains(Emission.tombstone(TIME_ZONES, "Asia/Tokyo"));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void publishesWhatFollowsFromAllInputsWhateverHappens(long seed) {
		Random random = new Random(seed);
		List<String> countries = List.of("SS", "DE", "CH", "US", "BV", "XX", "UA", "FR");
		List<String> overridden = List.of("Africa/Juba", "Europe/Berlin", "Europe/Paris", "America/New_York");
		for (int step = 0; step < 500; step++) {
			switch (random.nextInt(10)) {
				case 0, 1, 2 -> add(countries.get(random.nextInt(countries.size())));
				case 3, 4 -> remove(countries.get(random.nextInt(countries.size())));
				case 5 -> {
					String zone = overridden.get(random.nextInt(overridden.size()));
					this.topics.append(TIME_ZONE_OVERRIDES, zone, random.nextBoolean() ? null
							: new TimeZoneOverride(zone, "+0" + random.nextInt(10) + ":00", false));
				}
				case 6 -> restart();
				case 7 -> this.derivation.on(orOne(this.topics.unread())); // never
																			// published
				default -> process();
			}
		}
		add("SS");
		process();

		TimeZoneInputs all = new TimeZoneInputs(new TreeSet<>(this.topics.values(COUNTRIES).keySet()),
				this.topics.values(TIME_ZONE_OVERRIDES));
		assertThat(this.topics.values(TIME_ZONES)).isEqualTo(all.derive(this.zones));
	}

	private void add(String code) {
		this.topics.append(COUNTRIES, code, new Country(code, code, null, null));
	}

	private void remove(String code) {
		this.topics.append(COUNTRIES, code, null);
	}

	/** As the edge does: emissions and offsets together. */
	private List<Emission> process() {
		List<Consumed<Object>> batch = this.topics.unread();
		if (batch.isEmpty()) {
			return List.of();
		}
		List<Emission> emissions = this.derivation.on(batch);
		emissions.forEach(this.topics::publish);
		this.topics.commit(batch);
		return emissions;
	}

	private void restart() {
		this.derivation = new TimeZoneDerivation(this.topics, this.zones);
		this.derivation.revoked("countries", Set.of(0));
	}

	private List<Consumed<Object>> orOne(List<Consumed<Object>> batch) {
		if (batch.isEmpty()) {
			add("SS");
			return this.topics.unread();
		}
		return batch;
	}

	private static TimeZoneInUse juba(@Nullable TimeZoneOverride override) {
		return new TimeZoneInUse("Africa/Juba", List.of("SS"), TimeZoneInUse.rulesVersion("Africa/Juba"), override);
	}

	/**
	 * The three topics in memory, with a committed position for the inputs.
	 */
	private static final class Topics implements TopicSnapshots {

		private final Map<Topic<?>, List<Consumed<Object>>> records = new HashMap<>();

		private final Map<Topic<?>, Integer> committed = new HashMap<>();

		void append(Topic<?> topic, String key, @Nullable Object value) {
			List<Consumed<Object>> log = log(topic);
			log.add(new Consumed<>(erased(topic), key, value, Map.of(), new Position(topic.name(), 0, log.size()),
					Instant.EPOCH));
		}

		void publish(Emission emission) {
			append(emission.topic(), emission.key(), emission.value());
		}

		List<Consumed<Object>> unread() {
			List<Consumed<Object>> batch = new ArrayList<>();
			for (Topic<?> topic : List.of(COUNTRIES, TIME_ZONE_OVERRIDES)) {
				batch.addAll(log(topic).subList(this.committed.getOrDefault(topic, 0), log(topic).size()));
			}
			return batch;
		}

		void commit(List<Consumed<Object>> batch) {
			batch.forEach((record) -> this.committed.put(record.topic(), (int) record.position().offset() + 1));
		}

		<V> Map<String, V> values(Topic<V> topic) {
			return new TreeMap<>(read(topic, Duration.ZERO).values());
		}

		@Override
		public <V> TopicSnapshot<V> read(Topic<V> topic, Duration timeout) {
			TreeMap<String, V> values = new TreeMap<>();
			for (Consumed<Object> record : log(topic)) {
				if (record.value() != null) {
					values.put(record.key(), topic.type().cast(record.value()));
				}
				else {
					values.remove(record.key());
				}
			}
			return new TopicSnapshot<>(values, Map.of(0, (long) log(topic).size()));
		}

		private List<Consumed<Object>> log(Topic<?> topic) {
			return this.records.computeIfAbsent(topic, (key) -> new ArrayList<>());
		}

		@SuppressWarnings("unchecked")
		private static Topic<Object> erased(Topic<?> topic) {
			return (Topic<Object>) topic;
		}

	}

}
