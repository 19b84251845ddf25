package io.sitestream.projection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares two generations that are being written. What differs at the first look is only
 * a suspect, since writers write one after the other: it is looked at again when all live
 * writers have passed what had been appended by then. A difference counts when both sides
 * are still as they were, or when they have differed at every look and not because one
 * was about to follow the other.
 */
final class Comparison {

	private static final int LISTED = 100;

	/** So many suspects are kept before they are looked at again. */
	private static final int BUCKET = 10_000;

	private static final int LOOKS = 5;

	/** More are not counted: then everything differs, and memory is bounded. */
	private static final int MOST = 100_000;

	private final PairScan scan;

	private final Runnable barrier;

	private final Map<Place, Look> suspects = new LinkedHashMap<>();

	private final Set<Place> confirmed = new LinkedHashSet<>();

	private final List<Difference> listed = new ArrayList<>();

	/**
	 * Creates a comparison.
	 * @param pair what is compared
	 * @param redis the access to Redis
	 * @param lease kept on the way
	 * @param barrier returns when all writers have passed what is in the topic at the
	 * time of the call
	 */
	Comparison(Pair pair, RedisAccess redis, Lease lease, Runnable barrier) {
		this.scan = new PairScan(pair, redis, new KeyScan(redis, lease), this::suspect);
		this.barrier = barrier;
	}

	/**
	 * Compares everything.
	 * @return how many differences there are, at most 100,000
	 */
	long run() {
		this.scan.run();
		lookAgain();
		return this.confirmed.size();
	}

	/** The first of the differences. */
	List<Difference> differences() {
		return this.listed;
	}

	private void suspect(Map<Place, Look> more) {
		more.forEach((place, look) -> {
			if (this.confirmed.size() < MOST && !this.confirmed.contains(place)) {
				this.suspects.put(place, look);
			}
		});
		if (this.suspects.size() >= BUCKET) {
			lookAgain();
		}
	}

	private void lookAgain() {
		for (int look = 2; look <= LOOKS && !this.suspects.isEmpty(); look++) {
			this.barrier.run();
			boolean last = look == LOOKS;
			List<Place> places = List.copyOf(this.suspects.keySet());
			for (int from = 0; from < places.size(); from += 1_000) {
				this.scan.looks(places.subList(from, Math.min(places.size(), from + 1_000)))
					.forEach((place, now) -> judge(place, now, last));
			}
		}
	}

	private void judge(Place place, Look now, boolean last) {
		if (!now.differs() || (last && now.isMoving() && !now.equals(this.suspects.get(place)))) {
			this.suspects.remove(place);
		}
		else if (last || now.equals(this.suspects.get(place))) {
			this.suspects.remove(place);
			this.confirmed.add(place);
			if (this.listed.size() < LISTED) {
				this.listed.add(new Difference(place.key(), place.indexKey(), now.serving(), now.compared()));
			}
		}
		else {
			this.suspects.put(place, now);
		}
	}

}
