package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Writes one generation of a projection, a poll in a few pipelined passes: what is there
 * is read, the index keys of the new views are noted as intended, index entries are
 * written, and the views come last. An entry is applied only if it is newer than what is
 * there, and a view only if what was read is still there; else the passes are gone
 * through once more.
 * <p>
 * So a visible view implies complete entries, and any number of writers may work on one
 * key, stop at any step and wake up at any time. Entries of a writer that stopped before
 * its view are put right by the next writer of the key, even if the record itself does
 * not come again because it was compacted away: that is what intents are for.
 */
final class GenerationWriter {

	private static final long MARKERS_KEPT_MILLIS = Duration.ofHours(24).toMillis();

	private final GenerationStore store;

	private final Projection<?> projection;

	private final Clock clock;

	/**
	 * Creates a writer.
	 * @param store where the generation is
	 * @param projection the projection in the generation's format
	 * @param clock the time
	 */
	GenerationWriter(GenerationStore store, Projection<?> projection, Clock clock) {
		this.store = store;
		this.projection = projection;
		this.clock = clock;
	}

	/**
	 * Applies records. Older and repeated ones change nothing.
	 * @param records the records, those of one key in order
	 * @return how many views there are more than before
	 */
	long write(List<Projected> records) {
		Map<String, Change> open = new LinkedHashMap<>();
		records.forEach((record) -> open.computeIfAbsent(record.key(), (key) -> new Change()).add(record));
		long more = 0;
		while (!open.isEmpty()) {
			Map<String, Found> found = this.store.read(List.copyOf(open.keySet()));
			settleLate(open, found);
			open.forEach((key, change) -> change.after(of(found, key), indexKeys(of(found, key).view())));
			open.values().removeIf((change) -> change.version() < 1);
			this.store.intend(intents(open));
			this.store.write(entries(open));
			more += writeViews(open, found);
		}
		return more;
	}

	/**
	 * Puts right what others have left behind of some keys, provided that their views are
	 * at least as new.
	 * @param keys the keys
	 */
	void finish(List<String> keys) {
		Map<String, Settlement> settlements = new HashMap<>();
		this.store.read(keys).forEach((key, found) -> settlement(found, Set.of()).ifPresent((settlement) -> {
			settlements.put(key, settlement);
		}));
		settle(settlements);
	}

	/**
	 * Takes out the changes that come too late: their views are there already, or newer
	 * ones.
	 */
	private void settleLate(Map<String, Change> open, Map<String, Found> found) {
		Map<String, Settlement> late = new HashMap<>();
		found.forEach((key, before) -> {
			Change change = of(open, key);
			if (change.isLate(before)) {
				List<Intent> own = change.intents();
				Set<String> touched = change.touched();
				settlement(new Found(before.view(), union(before.intents(), own)), touched)
					.ifPresent((settlement) -> late.put(key, settlement));
				open.remove(key);
			}
		});
		settle(late);
	}

	/**
	 * What a stored view asks for.
	 * @param found the view and what was intended for its key
	 * @param touched index keys that may have been written for older versions of it
	 * @return what has to be right, or nothing if nothing can be wrong
	 */
	private Optional<Settlement> settlement(Found found, Set<String> touched) {
		List<Intent> done = found.intentsUpTo(found.version());
		if (found.view() == null || (touched.isEmpty() && done.isEmpty())) {
			return Optional.empty();
		}
		List<String> suspects = new ArrayList<>(touched);
		done.forEach((intent) -> suspects.add(intent.indexKey()));
		return Optional.of(new Settlement(found.version(), indexKeys(found.view()), suspects, done));
	}

	/**
	 * Lets entries of stored views be right: those of other index keys that somebody may
	 * have written go, and the intents after them. Those that the view asks for come
	 * again, since another primary of a cluster than the view's may have lost them.
	 */
	private void settle(Map<String, Settlement> settlements) {
		IndexEntries entries = new IndexEntries(this.clock.instant());
		Map<String, List<Intent>> done = new HashMap<>();
		settlements.forEach((key, settlement) -> {
			settlement.suspects()
				.forEach((indexKey) -> entries.add(indexKey, key, settlement.version(),
						settlement.present().contains(indexKey)));
			if (!settlement.done().isEmpty()) {
				done.put(key, settlement.done());
			}
		});
		this.store.write(entries);
		this.store.forget(done);
	}

	private static Map<String, List<Intent>> intents(Map<String, Change> open) {
		Map<String, List<Intent>> intents = new HashMap<>();
		open.forEach((key, change) -> {
			if (!change.intents().isEmpty()) {
				intents.put(key, change.intents());
			}
		});
		return intents;
	}

	private IndexEntries entries(Map<String, Change> open) {
		IndexEntries entries = new IndexEntries(this.clock.instant());
		open.forEach((key, change) -> change.touched()
			.forEach((indexKey) -> entries.add(indexKey, key, change.version(), change.has(indexKey))));
		return entries;
	}

	/**
	 * Writes the views. Those whose keys were changed by somebody else since they were
	 * read stay open.
	 * @return how many views there are more than before
	 */
	private long writeViews(Map<String, Change> open, Map<String, Found> found) {
		List<GenerationStore.ViewWrite> views = new ArrayList<>();
		open.forEach((key, change) -> views.add(new GenerationStore.ViewWrite(key, of(found, key), change.stored(),
				MARKERS_KEPT_MILLIS, union(of(found, key).intentsUpTo(change.version()), change.intents()))));
		List<Optional<List<Intent>>> answers = this.store.write(views);
		Map<String, Settlement> others = new HashMap<>();
		long more = 0;
		for (int i = 0; i < views.size(); i++) {
			GenerationStore.ViewWrite view = views.get(i);
			if (answers.get(i).isPresent()) {
				more += new Found(view.view(), List.of()).count() - view.found().count();
				settlement(new Found(view.view(), answers.get(i).orElseThrow()), Set.of())
					.ifPresent((settlement) -> others.put(view.key(), settlement));
				open.remove(view.key());
			}
		}
		settle(others);
		return more;
	}

	private Set<String> indexKeys(@Nullable StoredView view) {
		return (view == null || view.isMarker()) ? Set.of() : this.projection.indexKeys(view.body());
	}

	private static List<Intent> union(List<Intent> some, List<Intent> others) {
		List<Intent> all = new ArrayList<>(some);
		all.addAll(others);
		return all;
	}

	private static <V> V of(Map<String, V> values, String key) {
		V value = values.get(key);
		if (value == null) {
			throw new IllegalStateException("Nothing is known of '%s' in this poll.".formatted(key));
		}
		return value;
	}

	/**
	 * What has to be right of a stored view.
	 *
	 * @param version its version
	 * @param present its index keys
	 * @param suspects index keys that somebody may have written for its key
	 * @param done the intents that are done with after that
	 */
	private record Settlement(long version, Set<String> present, List<String> suspects, List<Intent> done) {

	}

}
