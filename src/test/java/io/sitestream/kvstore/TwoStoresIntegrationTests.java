package io.sitestream.kvstore;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import io.sitestream.SitestreamTest;
import io.sitestream.bookings.TimeZoneInUse;
import io.sitestream.business.Country;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two stores in one process that read the same topic.
 */
@SitestreamTest(modules = { "business", "bookings", "ticketing" })
class TwoStoresIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<String> CODES = List.of("IE", "IL", "IN", "IQ", "IT");

	@Autowired
	KeyValueStore<Country> countryStore;

	@Autowired
	KeyValueStore<TimeZoneInUse> timeZoneStore;

	@Autowired
	KeyValueStore<TimeZoneInUse> ticketingTimeZoneStore;

	private final Random random = new Random(5);

	@Test
	void onOneTopicGoThroughTheSameStatesIndependently() {
		await().atMost(PATIENCE)
			.until(() -> this.countryStore.isReady() && this.timeZoneStore.isReady()
					&& this.ticketingTimeZoneStore.isReady());
		add("IS");
		awaitInBoth("Atlantic/Reykjavik");
		History bookings = History.of(this.timeZoneStore);
		History ticketing = History.of(this.ticketingTimeZoneStore);

		for (int i = 0; i < 40; i++) {
			String code = CODES.get(this.random.nextInt(CODES.size()));
			if (this.random.nextInt(3) == 0) {
				this.countryStore.delete(code);
			}
			else {
				add(code);
			}
		}
		add("JP");
		awaitInBoth("Asia/Tokyo");

		assertThat(ticketing.changes()).isEqualTo(bookings.changes()).hasSizeGreaterThan(1);
		this.timeZoneStore.sync(PATIENCE);
		this.ticketingTimeZoneStore.sync(PATIENCE);
		assertThat(this.ticketingTimeZoneStore.all()).isEqualTo(this.timeZoneStore.all());
		assertThat(this.ticketingTimeZoneStore.positions()).isEqualTo(this.timeZoneStore.positions());
		CODES.forEach((code) -> assertThat(
				this.timeZoneStore.all().values().stream().anyMatch((zone) -> zone.countries().contains(code)))
			.isEqualTo(this.countryStore.containsKey(code)));
	}

	private void add(String code) {
		this.countryStore.put(code, new Country(code, code, null, null));
	}

	private void awaitInBoth(String zone) {
		await().atMost(PATIENCE)
			.until(() -> this.timeZoneStore.containsKey(zone) && this.ticketingTimeZoneStore.containsKey(zone));
	}

	/**
	 * What a store told of its changes, from now on.
	 *
	 * @param changes keys, values before and after, and positions
	 */
	private record History(List<String> changes) {

		static History of(KeyValueStore<TimeZoneInUse> store) {
			History history = new History(new CopyOnWriteArrayList<>());
			store.listen((key, before, after, position, replay) -> {
				if (!replay) {
					history.changes
						.add("%s: %s -> %s at %s".formatted(key, countries(before), countries(after), position));
				}
			});
			return history;
		}

		private static @Nullable List<String> countries(@Nullable TimeZoneInUse zone) {
			return (zone != null) ? zone.countries() : null;
		}

	}

}
