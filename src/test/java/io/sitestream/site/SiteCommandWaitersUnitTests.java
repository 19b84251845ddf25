package io.sitestream.site;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SiteCommandWaitersUnitTests {

	private final SiteCommandWaiters waiters = new SiteCommandWaiters();

	@Test
	void requestsWithOneCommandDoNotEndEachOthersWaiting() throws Exception {
		this.waiters.start();
		CompletableFuture<Optional<SiteCommandOutcome>> impatient = this.waiters.register("one", null);
		CompletableFuture<Optional<SiteCommandOutcome>> patient = this.waiters.register("one", null);
		CompletableFuture<Optional<SiteCommandOutcome>> another = this.waiters.register("one", null);
		SiteCommandOutcome outcome = new SiteCommandOutcome("one", "s", 204, 1L, null, null);

		this.waiters.forget("one", impatient);
		this.waiters.on(List.of(new Consumed<>(SiteTopics.SITE_COMMAND_OUTCOMES, "one", outcome, Map.of(),
				new Position("site-command-outcomes", 0, 1), Instant.EPOCH)));

		assertThat(patient.get(15, TimeUnit.SECONDS)).hasValue(outcome);
		assertThat(another.get(15, TimeUnit.SECONDS)).hasValue(outcome);
		assertThat(impatient).isNotDone();
	}

	@Test
	void nobodyTakesTheOutcomeOfAnotherRequestWithTheSameKey() throws Exception {
		this.waiters.start();
		CompletableFuture<Optional<SiteCommandOutcome>> first = this.waiters.register("key", "a");
		CompletableFuture<Optional<SiteCommandOutcome>> other = this.waiters.register("key", "b");
		SiteCommandOutcome done = new SiteCommandOutcome("key", "s", 204, 1L, null, null, "a");
		SiteCommandOutcome refused = new SiteCommandOutcome("key", "s", 422, null, null, SiteCommandOutcome.reusedKey(),
				"b");

		hear(done);

		assertThat(first.get(15, TimeUnit.SECONDS)).hasValue(done);
		assertThat(other).isNotDone();
		hear(refused);
		assertThat(other.get(15, TimeUnit.SECONDS)).hasValue(refused);
	}

	@Test
	void whoIsAnsweredHoldsUpNobodyWhoRegisters() throws Exception {
		this.waiters.start();
		CompletableFuture<Optional<SiteCommandOutcome>> first = this.waiters.register("key", null);
		SiteCommandOutcome outcome = new SiteCommandOutcome("key", "s", 204, 1L, null, null);
		CompletableFuture<CompletableFuture<Optional<SiteCommandOutcome>>> second = first.thenApply((answer) -> {
			this.waiters.forget("key", first);
			return CompletableFuture.supplyAsync(() -> this.waiters.register("key", null))
				.orTimeout(15, TimeUnit.SECONDS)
				.join();
		});

		hear(outcome);

		CompletableFuture<Optional<SiteCommandOutcome>> registered = second.get(30, TimeUnit.SECONDS);
		hear(outcome);
		assertThat(registered.get(15, TimeUnit.SECONDS)).hasValue(outcome);
	}

	@Test
	void everybodyTakesWhatAnOlderReleaseSays() throws Exception {
		this.waiters.start();
		CompletableFuture<Optional<SiteCommandOutcome>> waiter = this.waiters.register("key", "a");
		SiteCommandOutcome outcome = new SiteCommandOutcome("key", "s", 204, 1L, null, null);

		hear(outcome);

		assertThat(waiter.get(15, TimeUnit.SECONDS)).hasValue(outcome);
	}

	private void hear(SiteCommandOutcome outcome) {
		this.waiters.on(List.of(new Consumed<>(SiteTopics.SITE_COMMAND_OUTCOMES, outcome.commandId(), outcome, Map.of(),
				new Position("site-command-outcomes", 0, 1), Instant.EPOCH)));
	}

	@Test
	void letsNobodyWaitLongOnceTheProcessEnds() throws Exception {
		this.waiters.start();
		CompletableFuture<Optional<SiteCommandOutcome>> before = this.waiters.register("before", null);

		this.waiters.stop();
		CompletableFuture<Optional<SiteCommandOutcome>> after = this.waiters.register("after", null);

		assertThat(before.get(15, TimeUnit.SECONDS)).isEmpty();
		assertThat(after.get(15, TimeUnit.SECONDS)).isEmpty();
	}

}
