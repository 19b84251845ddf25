package io.sitestream.contactjobs.tracking;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactJobsProperties;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

import static io.sitestream.contactjobs.ContactImportTopics.CONTACT_IMPORT_EVENTS;

/**
 * Looks from time to time at the imports of the partitions that this process owns. An
 * upload that gives no sign of life any more is reported as broken, an import whose time
 * is over as expired, and one that stands still is shown.
 * <p>
 * It decides nothing: its reports go through the log and say what they are based on, so
 * an owner that was behind, or asleep, breaks no upload that lives. Time is counted from
 * when this owner saw the last change, so clocks of other machines play no role.
 */
@Component
class ImportWatchdog {

	private static final Logger log = LoggerFactory.getLogger(ImportWatchdog.class);

	private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);

	/** An expired import that nobody has forgotten is reported again so often. */
	private static final Duration REMINDER = Duration.ofHours(1);

	/** Reports of expired imports per look, so that a backlog is no burst. */
	private static final int MOST_EXPIRED = 20;

	private final KeyValueStore<TrackedImport> store;

	private final Emitter emitter;

	private final ContactJobsProperties properties;

	private final Clock clock;

	private final Duration interval;

	private final Map<Integer, Look> looks = new ConcurrentHashMap<>();

	ImportWatchdog(KeyValueStore<TrackedImport> contactImportStore, Emitter emitter, ContactJobsProperties properties,
			Clock clock) {
		this.store = contactImportStore;
		this.emitter = emitter;
		this.properties = properties;
		this.clock = clock;
		Duration often = properties.uploadTimeout().dividedBy(6);
		this.interval = (often.compareTo(LONGEST_INTERVAL) < 0) ? often : LONGEST_INTERVAL;
	}

	/**
	 * Looks at a partition, if the last look is long enough ago and the store is ready.
	 * @param partition a partition that this process owns
	 */
	void look(int partition) {
		Instant now = this.clock.instant();
		Look before = this.looks.getOrDefault(partition, Look.NONE);
		if (now.isBefore(before.at().plus(this.interval)) || !this.store.isReady()) {
			return;
		}
		Map<String, Sight> sights = new HashMap<>();
		int expired = 0;
		for (Map.Entry<String, TrackedImport> entry : this.store.all().entrySet()) {
			TrackedImport tracked = entry.getValue();
			if (CONTACT_IMPORT_EVENTS.partitionOf(entry.getKey()) != partition) {
				continue;
			}
			Sight sight = before.sight(entry.getKey(), Step.of(tracked), now);
			if (!tracked.isOver()) {
				sights.put(entry.getKey(), watch(tracked, sight, now));
			}
			else if (tracked.isOverSince(now.minus(this.properties.retention()))) {
				boolean isDue = sight.isSilentFor(REMINDER, now) && expired++ < MOST_EXPIRED;
				sights.put(entry.getKey(), isDue ? expire(entry.getKey(), sight, now) : sight);
			}
		}
		this.looks.put(partition, new Look(now, Map.copyOf(sights)));
	}

	void forget(Set<Integer> partitions) {
		this.looks.keySet().removeAll(partitions);
	}

	/**
	 * The imports of this process's partitions that were read to their ends, are not
	 * done, and have made no progress for {@code sitestream.contactjobs.standstill}.
	 * @return their ids
	 */
	List<String> standingStill() {
		return this.looks.values()
			.stream()
			.flatMap((look) -> look.sights().entrySet().stream())
			.filter((entry) -> entry.getValue().standsStill())
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
	}

	private Sight watch(TrackedImport tracked, Sight sight, Instant now) {
		String importId = tracked.contactImport().importId();
		if (tracked.isUploading()) {
			boolean isSilent = sight.hasStoodFor(this.properties.uploadTimeout(), now)
					&& sight.isSilentFor(this.properties.uploadTimeout(), now);
			return isSilent ? giveUp(importId, tracked.signs(), sight, now) : sight;
		}
		boolean standsStill = sight.hasStoodFor(this.properties.standstill(), now);
		if (standsStill && !sight.standsStill()) {
			log.warn("Import {} has stood still for {}: {} batches of {} are stored, {} undone.", importId,
					Duration.between(sight.since(), now), tracked.contactImport().batches().completed(),
					tracked.contactImport().batches().total(), sight.step().undone());
		}
		return new Sight(sight.step(), sight.since(), sight.reported(), standsStill);
	}

	private Sight giveUp(String importId, long signs, Sight sight, Instant now) {
		log.warn("Import {} is given up: nothing was heard of its upload since {}.", importId, sight.since());
		Problem problem = Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "upload-broken",
				"Nothing was heard of the upload for %d s: the process that read it may have died. Send the file again."
					.formatted(this.properties.uploadTimeout().toSeconds()));
		return report(new ImportBroken(importId, problem, signs, now), sight, now);
	}

	private Sight expire(String importId, Sight sight, Instant now) {
		return report(new ImportExpired(importId, now.minus(this.properties.retention()), now), sight, now);
	}

	private Sight report(ContactImportEvent event, Sight sight, Instant now) {
		this.emitter.send(Emission.of(CONTACT_IMPORT_EVENTS, event.importId(), event));
		return new Sight(sight.step(), sight.since(), now, sight.standsStill());
	}

	/**
	 * What was seen of a partition.
	 *
	 * @param at when
	 * @param sights imports by their ids
	 */
	private record Look(Instant at, Map<String, Sight> sights) {

		static final Look NONE = new Look(Instant.MIN, Map.of());

		Sight sight(String importId, Step step, Instant now) {
			Sight before = this.sights.get(importId);
			return (before != null && before.step().equals(step)) ? before : new Sight(step, now, Instant.MIN, false);
		}

	}

	/**
	 * What was seen of an import.
	 *
	 * @param step how far it was
	 * @param since when it was first seen there
	 * @param reported when something was reported about it last
	 * @param standsStill whether it has made no progress for too long
	 */
	private record Sight(Step step, Instant since, Instant reported, boolean standsStill) {

		boolean hasStoodFor(Duration time, Instant now) {
			return !now.isBefore(this.since.plus(time));
		}

		boolean isSilentFor(Duration time, Instant now) {
			return this.reported.isBefore(now.minus(time));
		}

	}

	/**
	 * How far an import is.
	 *
	 * @param state its state
	 * @param signs the signs of life of its upload
	 * @param stored how many batches are stored
	 * @param undone how many batches are undone
	 */
	private record Step(ContactImport.State state, long signs, int stored, int undone) {

		static Step of(TrackedImport tracked) {
			// what is stored says nothing about an upload that is still to be read
			int stored = tracked.isUploading() ? 0 : tracked.contactImport().batches().completed();
			return new Step(tracked.contactImport().state(), tracked.signs(), stored, tracked.undoneBatches().size());
		}

	}

}
