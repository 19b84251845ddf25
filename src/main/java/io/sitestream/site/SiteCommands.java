package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.RecordFormat;
import io.sitestream.site.PublishedCommands.Known;
import io.sitestream.site.PublishedCommands.Marks;

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

	private final PublishedCommands published;

	SiteCommands(SiteStore store, SiteChanges changes, SiteProperties properties, TransactionOperations transactions,
			RecordFormat format, Clock clock, PublishedCommands published) {
		this.published = published;
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
	 * only if the write path has them emitted from here. Nothing for commands that are
	 * known to be published
	 */
	List<Emission> on(List<Consumed<SiteCommand>> records) {
		List<CommandOrder> orders = records.stream().map(CommandOrder::of).toList();
		Known known = this.published.known(records.getFirst().position().topic());
		List<Emission> emissions = inTransaction(orders, known).emissions();
		this.published.stored(known);
		return emissions;
	}

	/**
	 * Carries out the command of a request.
	 * @param command the command
	 * @return what came of it, now or when it was carried out first
	 */
	SiteCommandOutcome on(SiteCommand command) {
		return (SiteCommandOutcome) Objects.requireNonNull(
				inTransaction(List.of(CommandOrder.ofRequest(command)), Known.NOTHING).emissions().getLast().value());
	}

	private Publication inTransaction(List<CommandOrder> orders, Known known) {
		try {
			return Objects.requireNonNull(this.transactions.execute((status) -> carryOut(orders, known)));
		}
		catch (DuplicateKeyException ex) {
			// another process took the id between our look and our write: look again
			throw new PessimisticLockingFailureException("A concurrent batch was faster", ex);
		}
	}

	private Publication carryOut(List<CommandOrder> orders, Known publishedBefore) {
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
		Map<String, Site> before = load(orders);
		Map<String, SiteStore.LedgerEntry> ledger = new LinkedHashMap<>(
				this.store.ledger(CommandOrder.commandIds(orders)));
		CommandBatch batch = new CommandBatch(before, this.store.instances(CommandOrder.wantedInstances(orders)));
		this.published.store(publishedBefore);
		boolean isRepetition = !ledger.isEmpty() || orders.stream().anyMatch(CommandOrder::isRepublish);
		Marks told = isRepetition ? this.published.marks(publishedBefore) : Marks.NONE;
		Map<String, SiteStore.LedgerEntry> recorded = new LinkedHashMap<>();
		Publication publication = new Publication(this.path);
		Unsent unsent = new Unsent();
		RepublishedSites republished = new RepublishedSites();
		Overtaken overtaken = new Overtaken(carriedOutBefore(orders, ledger), before);
		for (CommandOrder order : orders) {
			SiteCommand command = order.command();
			SiteStore.LedgerEntry known = ledger.get(command.commandId());
			if (told.include(order.place()) && (known != null || order.isRepublish())) {
				continue;
			}
			if (order.isRepublish()) {
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

	private static List<SiteCommandOutcome> carriedOutBefore(List<CommandOrder> orders,
			Map<String, SiteStore.LedgerEntry> ledger) {
		return orders.stream()
			.filter((order) -> order.replayed() && !order.isRepublish())
			.map((order) -> ledger.get(order.command().commandId()))
			.filter(Objects::nonNull)
			.map(SiteStore.LedgerEntry::outcome)
			.toList();
	}

	/**
	 * The commands of a site come from one partition, and so one after the other; on the
	 * path {@code cdc} requests come beside them.
	 */
	private Map<String, Site> load(List<CommandOrder> orders) {
		if (this.path == WritePath.CDC) {
			this.changes.reserve(CommandOrder.sites(orders));
		}
		return this.store.lock(CommandOrder.sites(orders));
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

}
