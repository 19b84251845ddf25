package io.sitestream.projection;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.sitestream.platform.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.sitestream.projection.GenerationState.COMPARING;
import static io.sitestream.projection.GenerationState.DROPPED;
import static io.sitestream.projection.GenerationState.FILLING;
import static io.sitestream.projection.GenerationState.SERVING;
import static io.sitestream.projection.GenerationState.STANDBY;
import static io.sitestream.projection.GenerationState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How generations may change, state by state.
 */
class CatalogueUnitTests {

	private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

	private static final Difference DIFFERENCE = new Difference("bakery", "app/shop", "version 1", Look.NOTHING);

	@Test
	void switchesToAnEqualGenerationAndKeepsTheOneBefore() {
		Catalogue catalogue = filled("second");

		assertThat(states(catalogue)).containsExactly(SERVING, COMPARING);
		assertThat(states(catalogue.compared("second", 0, List.of(), NOW))).containsExactly(STANDBY, SERVING);
	}

	@Test
	void waitsWithADifferentGenerationUntilItIsAcceptedOrCancelled() {
		Catalogue waiting = filled("second").compared("second", 7, List.of(DIFFERENCE), NOW);

		assertThat(states(waiting)).containsExactly(SERVING, WAITING);
		assertThat(waiting.find(WAITING).orElseThrow().differing()).isEqualTo(7);
		assertThat(states(waiting.accept(NOW))).containsExactly(STANDBY, SERVING);
		assertThat(states(waiting.cancel(NOW))).containsExactly(SERVING, DROPPED);
		assertThat(states(waiting.compare(NOW))).containsExactly(SERVING, COMPARING);
	}

	@Test
	void dropsWhatWasKeptWhenAnotherIsKept() {
		Catalogue twice = filled("second").compared("second", 0, List.of(), NOW)
			.rebuild("third", 1, NOW)
			.change("third", (generation) -> generation.filledTo(Map.of(0, 5L)))
			.filled("third", Map.of(0, 5L), NOW)
			.compared("third", 0, List.of(), NOW);

		assertThat(states(twice)).containsExactly(DROPPED, STANDBY, SERVING);
		assertThat(states(twice.rollback(NOW))).containsExactly(DROPPED, SERVING, STANDBY);
		assertThat(twice.written()).extracting(Generation::id).containsExactly("second", "third");
	}

	@Test
	void servesAFilledGenerationWhereThereIsNoneToCompareItWith() {
		Catalogue emptied = Catalogue.with("first", 1, FILLING, NOW)
			.change("first", (generation) -> generation.filledTo(Map.of(0, 5L)));

		assertThat(states(emptied.filled("first", Map.of(0, 5L), NOW))).containsExactly(SERVING);
	}

	@Test
	void goesOnFillingWhenTheEndsHaveMovedMeanwhile() {
		Catalogue filling = served().rebuild("second", 1, NOW)
			.change("second", (generation) -> generation.filledTo(Map.of(0, 5L)))
			.change("second", (generation) -> generation.filledTo(Map.of(0, 9L, 1, 2L)));

		assertThat(filling.filled("second", Map.of(0, 5L), NOW)).isEqualTo(filling);
		assertThat(filling.find("second").orElseThrow().left(Map.of(0, 8L))).isEqualTo(3);
		assertThat(states(filling.filled("second", Map.of(0, 9L, 1, 2L), NOW))).containsExactly(SERVING, COMPARING);
	}

	@Test
	void beginsANewFormatByItselfOnceAndNotAgainWhenThatWasCancelled() {
		Catalogue served = served();
		assertThat(served.lacks(1)).isFalse();
		assertThat(served.lacks(2)).isTrue();

		Catalogue begun = served.rebuild("second", 2, NOW);
		assertThat(begun.lacks(2)).isFalse();
		assertThat(begun.cancel(NOW).lacks(2)).isFalse();
		assertThat(begun.cancel(NOW).lacks(3)).isTrue();
	}

	@Test
	void doesNotGoForwardByItselfAfterARollbackToAnOlderFormat() {
		Catalogue back = served().rebuild("second", 2, NOW)
			.change("second", (generation) -> generation.filledTo(Map.of(0, 1L)))
			.filled("second", Map.of(0, 1L), NOW)
			.compared("second", 0, List.of(), NOW)
			.rollback(NOW);

		assertThat(back.find(SERVING).orElseThrow().format()).isEqualTo(1);
		assertThat(back.lacks(2)).isFalse();
	}

	@Test
	void beginsAFillAnewWhenAnotherRedisAnswers() {
		Generation filling = Generation.begun(2, "second", 1, FILLING, NOW).filledTo(Map.of(0, 5L)).in("a1");

		assertThat(filling.elsewhere("a1")).isFalse();
		assertThat(filling.elsewhere("")).isFalse();
		assertThat(filling.elsewhere("b2")).isTrue();
		assertThat(filling.in(COMPARING, NOW).elsewhere("b2")).isFalse();
		assertThat(filling.again("third", NOW).uncaptured()).isTrue();
	}

	static Stream<Arguments> refusals() {
		return Stream.of(refused(served(), (now) -> now.accept(NOW), "nothing-to-accept"),
				refused(served(), (now) -> now.cancel(NOW), "nothing-to-cancel"),
				refused(served(), (now) -> now.rollback(NOW), "nothing-to-rollback"),
				refused(served(), (now) -> now.compare(NOW), "nothing-to-compare"),
				refused(filled("second"), (now) -> now.rebuild("third", 1, NOW), "rebuild-running"),
				refused(filled("second"), (now) -> now.rollback(NOW), "rebuild-running"),
				refused(filled("second"), (now) -> now.compare(NOW), "rebuild-running"),
				refused(filled("second"), (now) -> now.accept(NOW), "nothing-to-accept"),
				refused(Catalogue.with("first", 2, SERVING, NOW), (now) -> now.rebuild("second", 1, NOW),
						"newer-format"));
	}

	private static Arguments refused(Catalogue catalogue, UnaryOperator<Catalogue> change, String slug) {
		return Arguments.of(catalogue, change, slug);
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void refusesWhatDoesNotFitTheState(Catalogue catalogue, UnaryOperator<Catalogue> change, String slug) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> change.apply(catalogue))
			.satisfies((ex) -> assertThat(ex.problem().status()).isEqualTo(409))
			.satisfies((ex) -> assertThat(ex.problem().type()).endsWith(":" + slug));
	}

	private static Catalogue served() {
		return Catalogue.with("first", 1, SERVING, NOW);
	}

	private static Catalogue filled(String id) {
		return served().rebuild(id, 1, NOW)
			.change(id, (generation) -> generation.filledTo(Map.of(0, 5L)))
			.filled(id, Map.of(0, 5L), NOW);
	}

	private static List<GenerationState> states(Catalogue catalogue) {
		return catalogue.generations().stream().map(Generation::state).toList();
	}

}
