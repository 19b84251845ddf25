package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.RecordFormat;

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
	static final int LARGEST_OUTCOME = 900_000;

	private final SiteStore store;

	private final TransactionOperations transactions;

	private final RecordFormat format;

	private final Clock clock;

	private final SiteChanges changes;

	private final WritePath path;

	SiteCommands(SiteStore store, SiteChanges changes, SiteProperties properties, TransactionOperations transactions,
			RecordFormat format, Clock clock) {
		this.changes = changes;
		this.path = properties.writePath();
		this.format = format;
		this.store = store;
		this.transactions = transactions;
		this.clock = clock;
	}

	/**
	 * Carries out the commands of a poll.
	 * @param records the commands, those of one site in order
	 * @return for each command its outcome, and before it the site's record where the
	 * site was changed; in the end the sites that are to be sent again. Sites' records
	 * only if the write path has them emitted from here
	 */
	List<Emission> on(List<Consumed<SiteCommand>> records) {
		return inTransaction(records.stream()
			.map((record) -> new Order(record.required(), record.position().toString(), record.isReplayed()))
			.toList()).emissions();
	}

	/**
	 * Carries out the command of a request.
	 * @param command the command
	 * @return what came of it, now or when it was carried out first
	 */
	SiteCommandOutcome on(SiteCommand command) {
		return (SiteCommandOutcome) Objects
			.requireNonNull(inTransaction(List.of(new Order(command, "http", false))).emissions().getLast().value());
	}

	private Publication inTransaction(List<Order> orders) {
		try {
			return Objects.requireNonNull(this.transactions.execute((status) -> carryOut(orders)));
		}
		catch (DuplicateKeyException ex) {
			// another process took the id between our look and our write: look again
			throw new PessimisticLockingFailureException("A concurrent batch was faster", ex);
		}
	}

	private Publication carryOut(List<Order> orders) {
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
		Map<String, Site> before = load(orders);
		Map<String, SiteStore.LedgerEntry> ledger = new LinkedHashMap<>(this.store.ledger(commandIds(orders)));
		CommandBatch batch = new CommandBatch(before, this.store.instances(wantedInstances(orders)));
		Map<String, SiteStore.LedgerEntry> recorded = new LinkedHashMap<>();
		Publication publication = new Publication(this.path);
		Unsent unsent = new Unsent();
		RepublishedSites republished = new RepublishedSites();
		Overtaken overtaken = new Overtaken(carriedOutBefore(orders, ledger), before);
		for (Order order : orders) {
			SiteCommand command = order.command();
			SiteStore.LedgerEntry known = ledger.get(command.commandId());
			if (command.change() instanceof SiteChange.Republish) {
				if (known == null) {
					republished.add(command, onPath(order.origin()), batch.version(command.siteId()));
				}
				continue;
			}
			if (known != null && !known.outcome().isOf(command.fingerprint())) {
				publication.outcome(SiteCommandOutcome.ofReusedKey(command));
				continue;
			}
			boolean isNew = known == null;
			if (known == null) {
				Site.Decision decision = batch.decide(command, now, this::isTooLarge);
				known = new SiteStore.LedgerEntry(onPath(order.origin()), decision.outcome(command));
				ledger.put(command.commandId(), known);
				recorded.put(command.commandId(), known);
			}
			boolean wasNotSent = !isNew && known.origin().equals(order.origin())
					&& !(order.replayed() && overtaken.includes(command.siteId()));
			if ((isNew || wasNotSent) && known.outcome().problem() == null) {
				publication.state(known.outcome().after());
			}
			if (wasNotSent) {
				unsent.add(known.outcome(), onPath(order.origin()));
			}
			publication.outcome(known.outcome());
		}
		this.store.saveSites(batch.changed());
		this.store.saveInstances(batch.freedInstances(), batch.takenInstances());
		recorded.putAll(republished.overtaken(batch::version));
		this.store.saveOutcomes(recorded, now);
		if (this.path == WritePath.CDC) {
			unsent.overtaken(before, batch).forEach(publication::state);
			this.store.moveOutcomes(unsent.origins());
			this.changes.append(publication.changes());
			this.changes.appendAgain(republished.due(batch::version));
		}
		else {
			this.store.values(republished.due(batch::version)).forEach(publication::again);
		}
		return publication;
	}

	private static List<SiteCommandOutcome> carriedOutBefore(List<Order> orders,
			Map<String, SiteStore.LedgerEntry> ledger) {
		return orders.stream()
			.filter((order) -> order.replayed() && !(order.command().change() instanceof SiteChange.Republish))
			.map((order) -> ledger.get(order.command().commandId()))
			.filter(Objects::nonNull)
			.map(SiteStore.LedgerEntry::outcome)
			.toList();
	}

	/**
	 * The commands of a site come from one partition, and so one after the other; on the
	 * path {@code cdc} requests come beside them.
	 */
	private Map<String, Site> load(List<Order> orders) {
		if (this.path == WritePath.CDC) {
			this.changes.reserve(keys(orders));
		}
		return this.store.lock(keys(orders));
	}

	/**
	 * The ledger tells outcomes whose state was emitted by a Kafka transaction from those
	 * whose state is a row in the database.
	 */
	private String onPath(String origin) {
		return (this.path == WritePath.CDC) ? "cdc:" + origin : origin;
	}

	/**
	 * Whether what would come of a command fits into no record: then it must not be
	 * stored either.
	 */
	private boolean isTooLarge(SiteCommandOutcome outcome) {
		return outcome.site() != null && this.format.write(outcome).length > LARGEST_OUTCOME;
	}

	private static Set<String> keys(List<Order> orders) {
		Set<String> keys = new LinkedHashSet<>();
		orders.forEach((order) -> keys.add(order.command().siteId()));
		return keys;
	}

	private static Set<String> commandIds(List<Order> orders) {
		Set<String> ids = new LinkedHashSet<>();
		orders.forEach((order) -> ids.add(order.command().commandId()));
		return ids;
	}

	private static Set<String> wantedInstances(List<Order> orders) {
		Set<String> ids = new LinkedHashSet<>();
		for (Order order : orders) {
			List<SiteChange.PutApp> puts = switch (order.command().change()) {
				case SiteChange.Create create -> create.apps();
				case SiteChange.PutApp put -> List.of(put);
				default -> List.of();
			};
			puts.stream().map(SiteChange.PutApp::instanceId).filter(Objects::nonNull).forEach(ids::add);
		}
		return ids;
	}

	/**
	 * A command to be carried out.
	 *
	 * @param command the command
	 * @param origin what carried it: a record's position, or a request
	 * @param replayed whether it comes from the dead letters
	 */
	private record Order(SiteCommand command, String origin, boolean replayed) {

	}

}
