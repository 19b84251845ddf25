package io.sitestream.site;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.UnprocessableRecordException;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Carries commands out, a batch in one database transaction. The ledger makes repetition
 * harmless: a record that comes again, because its batch was stored but not sent, emits
 * what was recorded; another record with the id of a command that was carried out gets
 * that command's outcome and nothing else.
 */
@Component
class SiteCommands {

	/** In bytes; a record of Kafka may have 1 MiB with its headers. */
	private static final int LARGEST_OUTCOME = 900_000;

	private final SiteStore store;

	private final TransactionOperations transactions;

	private final RecordFormat format;

	private final Clock clock;

	SiteCommands(SiteStore store, TransactionOperations transactions, RecordFormat format, Clock clock) {
		this.format = format;
		this.store = store;
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Carries out the commands of a poll.
	 * @param records the commands, those of one site in order
	 * @return for each command its outcome, and before it the site's record where the
	 * site was changed
	 */
	List<Emission> on(List<Consumed<SiteCommand>> records) {
		try {
			return Objects.requireNonNull(this.transactions.execute((status) -> carryOut(records)));
		}
		catch (DuplicateKeyException ex) {
			// another process took the id between our look and our write: look again
			throw new PessimisticLockingFailureException("A concurrent batch was faster", ex);
		}
	}

	private List<Emission> carryOut(List<Consumed<SiteCommand>> records) {
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
		Map<String, Site> before = this.store.lock(keys(records));
		Map<String, SiteStore.LedgerEntry> ledger = new LinkedHashMap<>(this.store.ledger(commandIds(records)));
		Batch batch = new Batch(before, this.store.instances(wantedInstances(records)));
		Map<String, SiteStore.LedgerEntry> recorded = new LinkedHashMap<>();
		List<Emission> emissions = new ArrayList<>();
		for (Consumed<SiteCommand> record : records) {
			SiteCommand command = command(record);
			String origin = record.position().toString();
			SiteStore.LedgerEntry known = ledger.get(command.commandId());
			if (known == null) {
				Site.Decision decision = batch.decide(command, now, this::isTooLarge);
				known = new SiteStore.LedgerEntry(origin, decision.outcome(command));
				ledger.put(command.commandId(), known);
				recorded.put(command.commandId(), known);
			}
			if (known.origin().equals(origin) && known.outcome().problem() == null) {
				emissions.add(state(known.outcome()));
			}
			emissions.add(Emission.of(SiteTopics.SITE_COMMAND_OUTCOMES, command.commandId(), known.outcome()));
		}
		this.store.saveSites(batch.changed());
		this.store.saveInstances(batch.freedInstances(), batch.takenInstances());
		this.store.saveOutcomes(recorded, now);
		return emissions;
	}

	/**
	 * Whether what would come of a command fits into no record: then it must not be
	 * stored either.
	 */
	private boolean isTooLarge(SiteCommandOutcome outcome) {
		return outcome.site() != null && this.format.write(outcome).length > LARGEST_OUTCOME;
	}

	private static Emission state(SiteCommandOutcome outcome) {
		Emission emission = (outcome.site() != null)
				? Emission.of(SiteTopics.SITE_METADATA, outcome.siteId(), outcome.site())
				: Emission.tombstone(SiteTopics.SITE_METADATA, outcome.siteId());
		return emission.withHeader(SiteTopics.VERSION_HEADER, String.valueOf(outcome.version()));
	}

	private static SiteCommand command(Consumed<SiteCommand> record) {
		SiteCommand command = record.required();
		if (command.commandId() == null || command.change() == null || !record.key().equals(command.siteId())) {
			throw new UnprocessableRecordException(record.position(),
					"Command '%s' of site '%s' with key '%s' is incomplete: expected commandId, change, and the siteId as the key."
						.formatted(command.commandId(), command.siteId(), record.key()));
		}
		return command;
	}

	private static Set<String> keys(List<Consumed<SiteCommand>> records) {
		Set<String> keys = new LinkedHashSet<>();
		records.forEach((record) -> keys.add(record.key()));
		return keys;
	}

	private static Set<String> commandIds(List<Consumed<SiteCommand>> records) {
		Set<String> ids = new LinkedHashSet<>();
		records.forEach((record) -> ids.add(command(record).commandId()));
		return ids;
	}

	private static Set<String> wantedInstances(List<Consumed<SiteCommand>> records) {
		Set<String> ids = new LinkedHashSet<>();
		for (Consumed<SiteCommand> record : records) {
			List<SiteChange.PutApp> puts = switch (command(record).change()) {
				case SiteChange.Create create -> create.apps();
				case SiteChange.PutApp put -> List.of(put);
				default -> List.of();
			};
			puts.stream().map(SiteChange.PutApp::instanceId).filter(Objects::nonNull).forEach(ids::add);
		}
		return ids;
	}

	/**
	 * The sites of a batch, folded in memory.
	 */
	private static final class Batch {

		private final Map<String, Site> before;

		private final Map<String, Site> sites;

		private final Map<String, String> storedInstances;

		private final Map<String, String> instances;

		Batch(Map<String, Site> before, Map<String, String> instances) {
			this.before = before;
			this.sites = new LinkedHashMap<>(before);
			this.instances = new LinkedHashMap<>(instances);
			before.values().forEach((site) -> instanceIds(site).forEach((id) -> this.instances.put(id, site.siteId())));
			this.storedInstances = Map.copyOf(this.instances);
		}

		Site.Decision decide(SiteCommand command, Instant now, Predicate<SiteCommandOutcome> isTooLarge) {
			Site site = this.sites.getOrDefault(command.siteId(), Site.unknown(command.siteId()));
			Site.Decision decision = site.decide(command, this.instances::containsKey, now,
					() -> UUID.randomUUID().toString());
			if (!decision.isRefused() && isTooLarge.test(decision.outcome(command))) {
				decision = site.refuseAsTooLarge(LARGEST_OUTCOME);
			}
			if (!decision.isRefused()) {
				instanceIds(site).forEach(this.instances::remove);
				instanceIds(decision.after()).forEach((id) -> this.instances.put(id, command.siteId()));
				this.sites.put(command.siteId(), decision.after());
			}
			return decision;
		}

		List<Site> changed() {
			return this.sites.values().stream().filter((site) -> !site.equals(this.before.get(site.siteId()))).toList();
		}

		/**
		 * Instances that are gone or moved to another site.
		 * @return the ids
		 */
		Set<String> freedInstances() {
			Set<String> freed = new LinkedHashSet<>(this.storedInstances.keySet());
			freed.removeIf((id) -> Objects.equals(this.storedInstances.get(id), this.instances.get(id)));
			return freed;
		}

		Map<String, String> takenInstances() {
			Map<String, String> taken = new LinkedHashMap<>(this.instances);
			taken.entrySet().removeIf((entry) -> entry.getValue().equals(this.storedInstances.get(entry.getKey())));
			return taken;
		}

		private static List<String> instanceIds(Site site) {
			return (site.metadata() != null) ? site.metadata().apps().stream().map(InstalledApp::instanceId).toList()
					: List.of();
		}

	}

}
