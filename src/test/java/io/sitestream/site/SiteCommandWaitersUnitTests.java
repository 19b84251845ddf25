package io.sitestream.site;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SiteCommandWaitersUnitTests {

	private final SiteCommandWaiters waiters = new SiteCommandWaiters();

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
