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
		CompletableFuture<Optional<SiteCommandOutcome>> impatient = this.waiters.register("one");
		CompletableFuture<Optional<SiteCommandOutcome>> patient = this.waiters.register("one");
		CompletableFuture<Optional<SiteCommandOutcome>> another = this.waiters.register("one");
		SiteCommandOutcome outcome = new SiteCommandOutcome("one", "s", 204, 1L, null, null);

		this.waiters.forget("one", impatient);
		this.waiters.on(List.of(new Consumed<>(SiteTopics.SITE_COMMAND_OUTCOMES, "one", outcome, Map.of(),
				new Position("site-command-outcomes", 0, 1), Instant.EPOCH)));

		assertThat(patient.get(15, TimeUnit.SECONDS)).hasValue(outcome);
		assertThat(another.get(15, TimeUnit.SECONDS)).hasValue(outcome);
		assertThat(impatient).isNotDone();
	}

	@Test
	void letsNobodyWaitLongOnceTheProcessEnds() throws Exception {
		this.waiters.start();
		CompletableFuture<Optional<SiteCommandOutcome>> before = this.waiters.register("before");

		this.waiters.stop();
		CompletableFuture<Optional<SiteCommandOutcome>> after = this.waiters.register("after");

		assertThat(before.get(15, TimeUnit.SECONDS)).isEmpty();
		assertThat(after.get(15, TimeUnit.SECONDS)).isEmpty();
	}

}
