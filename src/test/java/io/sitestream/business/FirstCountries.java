package io.sitestream.business;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

import static io.sitestream.business.CountryTopics.COUNTRIES;
import static org.awaitility.Awaitility.await;

/**
 * What the development run begins with: all countries of ISO 3166-1 but South Sudan, so
 * that adding it can be tried by hand. Does nothing when there are countries already, or
 * when the module is not selected. No annotation marks it, so that it is found by no
 * scan: the development run names it.
 */
public class FirstCountries {

	private static final Logger log = LoggerFactory.getLogger(FirstCountries.class);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final String LEFT_OUT = "SS";

	private final ObjectProvider<KeyValueStore<Country>> store;

	private final ObjectProvider<Emitter> emitter;

	FirstCountries(ObjectProvider<KeyValueStore<Country>> store, ObjectProvider<Emitter> emitter) {
		this.store = store;
		this.emitter = emitter;
	}

	@EventListener(ApplicationReadyEvent.class)
	void begin() {
		this.store.ifAvailable((countries) -> this.emitter
			.ifAvailable((sender) -> Thread.ofVirtual().name("first-countries").start(() -> fill(countries, sender))));
	}

	static void fill(KeyValueStore<Country> countries, Emitter emitter) {
		await().atMost(PATIENCE).until(countries::isReady);
		if (countries.size() > 0) {
			return;
		}
		List<CompletableFuture<Position>> sent = new ArrayList<>();
		for (String code : Locale.getISOCountries()) {
			String name = new Locale.Builder().setRegion(code).build().getDisplayCountry(Locale.ENGLISH);
			IsoCountries.find(code, name)
				.filter((country) -> !code.equals(LEFT_OUT))
				.ifPresent((country) -> sent.add(emitter.send(Emission.of(COUNTRIES, code, country))));
		}
		sent.forEach(CompletableFuture::join);
		countries.sync(PATIENCE);
		log.info("countries: begun with {}, all of ISO 3166-1 but {}", countries.size(), LEFT_OUT);
	}

}
