package io.sitestream.site;

import java.time.Clock;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Forgets what came of commands when nobody can ask for it any more. The ledger is kept
 * longer than the commands themselves, which live 7 days and as long as their segment is
 * open, at most a day, so that every command that can still come again finds its outcome.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class LedgerRetention {

	static final Duration KEPT = Duration.ofDays(9);

	private static final int CHUNK = 5_000;

	private static final Logger log = LoggerFactory.getLogger(LedgerRetention.class);

	private final SiteStore store;

	private final Clock clock;

	LedgerRetention(SiteStore store, Clock clock) {
		this.store = store;
		this.clock = clock;
	}

	@Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
	void forgetOldOutcomes() {
		long forgotten = 0;
		int chunk;
		do {
			chunk = this.store.forgetOutcomes(this.clock.instant().minus(KEPT), CHUNK);
			forgotten += chunk;
		}
		while (chunk == CHUNK);
		if (forgotten > 0) {
			log.info("site ledger: forgot {} outcomes older than {}", forgotten, KEPT);
		}
	}

}
