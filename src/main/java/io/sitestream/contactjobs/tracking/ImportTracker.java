package io.sitestream.contactjobs.tracking;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;

import org.springframework.stereotype.Component;

/**
 * Folds the events of imports into their state and tells their channels; both go out in
 * one Kafka transaction with the events' offsets. An import has one owner: whoever has
 * its partition of the events.
 * <p>
 * The owner folds on a copy of its own, since the store shows what was written only a
 * moment later. A copy begins with the store as it is once it has read everything that
 * was in the topic when the copy was begun, and thereby everything that an earlier owner
 * wrote. It ends when the partition goes, and when events come again that it has folded
 * already: then their transaction was rolled back, and the copy is ahead of the topic.
 * Delivered at least once; a repeated event changes nothing, and says the current
 * notification again, but not when the import has long been over: its channel may have
 * forgotten the first.
 */
@Component
class ImportTracker implements PartitionListener {

	/** Below the timeout of the transaction that the wait is in. */
	private static final Duration PATIENCE = Duration.ofSeconds(8);

	private final KeyValueStore<TrackedImport> store;

	private final ImportNotifications notifications;

	private final ImportWatchdog watchdog;

	private final Clock clock;

	private final Map<Integer, WorkingCopy> copies = new ConcurrentHashMap<>();

	ImportTracker(KeyValueStore<TrackedImport> contactImportStore, ImportNotifications notifications,
			ImportWatchdog watchdog, Clock clock) {
		this.store = contactImportStore;
		this.notifications = notifications;
		this.watchdog = watchdog;
		this.clock = clock;
	}

	List<Emission> on(List<Consumed<ContactImportEvent>> events) {
		Map<Integer, List<Consumed<ContactImportEvent>>> byPartition = new LinkedHashMap<>();
		events.forEach(
				(event) -> byPartition.computeIfAbsent(event.position().partition(), (partition) -> new ArrayList<>())
					.add(event));
		Map<Integer, WorkingCopy.Turn> turns = new LinkedHashMap<>();
		byPartition.forEach((partition, records) -> turns.put(partition,
				copy(partition, records).fold(records, this.clock.instant())));
		List<Emission> emissions = new ArrayList<>();
		turns.forEach((partition, turn) -> {
			this.copies.put(partition, turn.after());
			emissions.addAll(turn.emissions());
		});
		return emissions;
	}

	@Override
	public void assigned(PartitionLog log) {
		this.copies.keySet().removeAll(log.partitions());
		this.watchdog.forget(log.partitions());
	}

	@Override
	public void revoked(String topic, Set<Integer> partitions) {
		this.copies.keySet().removeAll(partitions);
		this.watchdog.forget(partitions);
	}

	@Override
	public void reached(String topic, int partition, long position, long remaining) {
		this.watchdog.look(partition);
	}

	@Override
	public void idle(String topic, int partition, long position) {
		this.watchdog.look(partition);
	}

	private WorkingCopy copy(int partition, List<Consumed<ContactImportEvent>> records) {
		WorkingCopy copy = this.copies.get(partition);
		if (copy != null && records.getFirst().position().offset() >= copy.nextOffset()) {
			return copy;
		}
		this.copies.remove(partition);
		this.store.sync(PATIENCE);
		WorkingCopy begun = WorkingCopy.of(this.store, this.notifications);
		// before anything is folded: what cannot be processed must not cost another sync
		this.copies.put(partition, begun);
		return begun;
	}

}
