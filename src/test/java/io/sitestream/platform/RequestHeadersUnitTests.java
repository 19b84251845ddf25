package io.sitestream.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RequestHeadersUnitTests {

	private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                 | 2  | false
			wait=5                           | 5  | false
			respond-async                    | 2  | true
			respond-async, wait=10           | 10 | true
			Wait = 7                         | 7  | false
			wait="9"; x=y, handling=lenient  | 9  | false
			wait=0                           | 0  | false
			wait=31                          | 30 | false
			wait=1, wait=20                  | 1  | false
			return=minimal                   | 2  | false
			""")
	void readsPreferencesAsTheRfcHasThem(String header, long seconds, boolean async) {
		Preferences preferences = Preferences.parse((header != null) ? List.of(header) : List.of());

		assertThat(preferences.patienceOrDefault()).isEqualTo(Duration.ofSeconds(seconds));
		assertThat(preferences.respondAsync()).isEqualTo(async);
	}

	@ParameterizedTest
	@ValueSource(strings = { "wait=soon", "wait=-1", "wait=1.5", "wait=" })
	void ignoresAWaitThatIsNoNumberOfSeconds(String header) {
		assertThat(Preferences.parse(List.of(header)).patienceOrDefault()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void readsTheTokensThatItHandsOut() {
		ConsistencyToken one = new ConsistencyToken("sites", "shop", 3, NOW);
		ConsistencyToken two = new ConsistencyToken("sites", "a.b_c-d", 12, NOW.minusSeconds(60));

		assertThat(ConsistencyToken.parse(one.encode() + ", " + two.encode(), Set.of("sites"), NOW))
			.containsExactly(one, two);
		assertThat(ConsistencyToken.parse(null, Set.of("sites"), NOW)).isEmpty();
	}

	@Test
	void takesATokenThatIsOlderThanADayForFulfilled() {
		ConsistencyToken old = new ConsistencyToken("sites", "shop", 3, NOW.minus(Duration.ofHours(25)));

		assertThat(ConsistencyToken.parse(old.encode(), Set.of("sites"), NOW)).isEmpty();
	}

	@Test
	void refusesATokenOfAnotherResource() {
		ConsistencyToken foreign = new ConsistencyToken("countries", "0", 3, NOW);

		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> ConsistencyToken.parse(foreign.encode(), Set.of("sites"), NOW))
			.satisfies((ex) -> assertThat(ex.problem().type()).endsWith(":foreign-token"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "!!", "MX5h", "MX5zaXRlc35zaG9wfm5vbnVtYmVyfjE" })
	void refusesATokenThatItNeverHandedOut(String token) {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> ConsistencyToken.parse(token, Set.of("sites"), NOW))
			.satisfies((ex) -> assertThat(ex.problem().type()).endsWith(":invalid-token"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "ä", "a/b", "../x?" })
	void refusesIdentifiersOfAnotherForm(String id) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Identifier.PLAIN.require("siteId", id))
			.satisfies((ex) -> assertThat(ex.problem().detail())
				.isEqualTo("siteId '%s' is not allowed: it must match [A-Za-z0-9._-]{1,128}.".formatted(id)));
	}

}
