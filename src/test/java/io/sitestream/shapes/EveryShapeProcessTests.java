package io.sitestream.shapes;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The journeys end in the same state, whatever processes the modules run in.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryShapeProcessTests {

	private static final String[] SINGLE = { "*" };

	/** Channels are in two of them, so a browser can go on at another instance. */
	private static final String[] MIXED = { "site,contactjobs,notification,bookings",
			"appswriter,contactimporter,notification,ticketing", "appsreader,business" };

	private static final String[] ONE_EACH = { "site", "appswriter", "appsreader", "contactjobs", "contactimporter",
			"notification", "business", "bookings", "ticketing" };

	private @Nullable FinalState single;

	@Test
	void aMixtureOfProcessesEndsAsASingleProcess() {
		assertThatItEndsAsASingleProcess("mixed", MIXED);
	}

	@Test
	@EnabledIfSystemProperty(named = "sitestream.test.long", matches = "true",
			disabledReason = "the long form: ./mvnw -P long verify")
	void oneProcessForEachModuleEndsAsASingleProcess() {
		assertThatItEndsAsASingleProcess("one-each", ONE_EACH);
	}

	private void assertThatItEndsAsASingleProcess(String name, String... modules) {
		try (RunningShape shape = RunningShape.launch(name, modules)) {
			FinalState expected = single();
			FinalState state = journey(shape.awaitReady());

			assertThat(state.lines()).containsExactlyInAnyOrderElementsOf(expected.lines());
		}
	}

	private FinalState single() {
		FinalState known = this.single;
		if (known == null) {
			try (RunningShape shape = RunningShape.launch("single", SINGLE)) {
				known = journey(shape.awaitReady());
			}
			assertThatItIsWhatTheContractSays(known);
			this.single = known;
		}
		return known;
	}

	private static FinalState journey(RunningShape shape) {
		SiteJourney sites = new SiteJourney(shape);
		List<String> told = new ArrayList<>(sites.write());
		told.addAll(sites.read());
		told.addAll(new ImportJourney(shape).run());
		told.addAll(new ReferenceJourney(shape).run());
		FinalState state = FinalState.of(shape.space(), told);
		System.out.printf("%s: %d lines%n", shape, state.lines().size());
		return state;
	}

	private static void assertThatItIsWhatTheContractSays(FinalState state) {
		assertThat(state.lines())
			.startsWith("POST bakery 201 \"1\"", "POST bakery 409 site-exists", "PUT bakery 200 \"2\"",
					"PUT bakery 412 version-conflict \"2\"", "PUT bakery/apps/shop 200 \"3\"",
					"PUT bakery/apps/blog 201 \"4\"", "DELETE bakery/apps/chat 412 version-conflict \"4\"",
					"DELETE bakery/apps/chat 204 \"5\"", "DELETE bakery/apps/chat 404 unknown-app",
					"POST cafe 201 \"1\"", "POST cafe 201 \"1\"", "PUT cafe/apps/blog 409 instance-exists",
					"POST kiosk 201 \"1\"", "DELETE kiosk 204 \"2\"", "PUT kiosk 404 unknown-site",
					"POST kiosk 201 \"3\"", "POST booth 201 \"1\"", "DELETE booth 204 \"2\"")
			.contains(
					"GET /api/installed-apps/by-app/shop 200 {\"appId\":\"shop\",\"count\":3,\"siteIds\":[\"bakery\",\"cafe\",\"kiosk\"],\"next\":null}",
					"GET /api/installed-apps/by-site/booth 404 unknown-site", "topic site-metadata booth v2 ");
		assertThat(state.lines())
			.anyMatch((line) -> line.startsWith("frame 1 contact-import.completed ")
					&& line.contains("\"rows\":{\"total\":1300,\"created\":1296,\"updated\":1,"))
			.anyMatch((line) -> line.startsWith("frame 4 contact-import.undone ")
					&& line.contains("\"undo\":{\"removed\":152,\"restored\":146,\"kept\":1}"));
		assertThat(state.count("table contacts.contact")).isEqualTo(1_297);
		assertThat(state.count("country")).isEqualTo(2);
		assertThat(state.count("booked zone")).isEqualTo(state.count("ticketed zone")).isPositive();
	}

}
