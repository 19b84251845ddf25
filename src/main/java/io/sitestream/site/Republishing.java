package io.sitestream.site;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.sitestream.platform.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far it is that the newest version of every existing site goes to the topic again.
 *
 * @param runId names this run
 * @param state whether it goes on
 * @param total how many sites there were when it began
 * @param sent for how many sites the log of commands has a command; in the end more or
 * less than the total, when sites were created or deleted meanwhile
 * @param lastSite the last of them, in the order of their ids, or {@code null}
 * @param ends where the last commands lie, by partition
 * @param startedAt when it began
 * @param finishedAt when it ended, or {@code null}
 */
record Republishing(String runId, State state, long total, long sent, @Nullable String lastSite,
		Map<Integer, Long> ends, Instant startedAt, @Nullable Instant finishedAt) {

	Republishing sent(List<String> sites, List<Position> positions) {
		Map<Integer, Long> later = new TreeMap<>(this.ends);
		positions.forEach((position) -> later.merge(position.partition(), position.offset(), Math::max));
		return new Republishing(this.runId, this.state, this.total, this.sent + sites.size(), sites.getLast(), later,
				this.startedAt, null);
	}

	Republishing ended(State end, Instant now) {
		return new Republishing(this.runId, end, this.total, this.sent, this.lastSite, this.ends, this.startedAt, now);
	}

	enum State {

		/** Commands are being sent, or some are not carried out yet. */
		RUNNING,

		/** All commands have been carried out. */
		COMPLETED,

		/** An operator has ended it. */
		CANCELLED

	}

}
