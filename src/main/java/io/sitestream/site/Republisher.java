package io.sitestream.site;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicNames;
import io.sitestream.site.Republishing.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Asks for every existing site once more, by commands in the log of commands: there they
 * have their place among the live writes and cannot overtake them. Whichever instance is
 * there goes on with a run that was begun; after a kill some sites are asked for twice,
 * which is harmless.
 */
@Component
class Republisher {

	private static final Logger log = LoggerFactory.getLogger(Republisher.class);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final RepublishingStore store;

	private final Emitter emitter;

	private final TopicEnds ends;

	private final TopicNames names;

	private final TransactionOperations transactions;

	private final SiteProperties properties;

	private final Clock clock;

	private boolean waiting;

	Republisher(RepublishingStore store, Emitter emitter, TopicEnds ends, TopicNames names,
			TransactionOperations transactions, SiteProperties properties, Clock clock) {
		this.store = store;
		this.emitter = emitter;
		this.ends = ends;
		this.names = names;
		this.transactions = transactions;
		this.properties = properties;
		this.clock = clock;
	}

	/**
	 * Begins a run.
	 * @return whether it was begun; not so while another one runs
	 */
	boolean start() {
		boolean started = this.store.start(UUID.randomUUID().toString(), this.clock.instant());
		if (started) {
			log.info("sites: republishing begins, {} a second", this.properties.republishRate());
		}
		return started;
	}

	boolean cancel() {
		return this.store.cancel(this.clock.instant());
	}

	Optional<Republishing> progress() {
		return this.store.find();
	}

	@Scheduled(initialDelay = 1_000, fixedRate = 1_000)
	void goOn() {
		try {
			this.transactions.executeWithoutResult((status) -> this.store.lockDue().ifPresent(this::step));
			this.waiting = false;
		}
		catch (RuntimeException ex) {
			if (!this.waiting) {
				log.warn("sites: republishing, if any runs, waits: {}", ex.toString());
			}
			this.waiting = true;
		}
	}

	private void step(Republishing run) {
		List<String> sites = this.store.sites(run.lastSite(), this.properties.republishRate());
		if (!sites.isEmpty()) {
			this.store
				.save(run.sent(sites, this.emitter.emit(sites.stream().map((site) -> command(run, site)).toList())));
		}
		else if (isCarriedOut(run)) {
			this.store.save(run.ended(State.COMPLETED, this.clock.instant()));
			log.info("sites: republished {} in {} s", run.sent(),
					run.startedAt().until(this.clock.instant(), ChronoUnit.SECONDS));
		}
	}

	private boolean isCarriedOut(Republishing run) {
		return run.ends()
			.entrySet()
			.stream()
			.allMatch((end) -> this.ends.isProcessed("applySiteCommands",
					new Position(this.names.of(SiteTopics.SITE_COMMANDS), end.getKey(), end.getValue()), PATIENCE));
	}

	private static Emission command(Republishing run, String siteId) {
		return Emission.of(SiteTopics.SITE_COMMANDS, siteId, new SiteCommand(
				"republish-%s-%s".formatted(run.runId(), siteId), siteId, null, null, new SiteChange.Republish()));
	}

}
