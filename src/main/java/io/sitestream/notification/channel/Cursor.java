package io.sitestream.notification.channel;

import java.util.Optional;

/**
 * Up to where a subscriber has read its channel.
 *
 * @param position the last position that it has, 0 for none
 * @param epoch the epoch of this position, or an empty text if the subscriber does not
 * know
 */
public record Cursor(long position, String epoch) {

	/**
	 * Why the log cannot go on behind this cursor.
	 * @param page the log as it is now
	 * @return the reason, or nothing if the entry behind this cursor is the next one that
	 * this subscriber has not seen
	 */
	public Optional<ContinuityLoss> lossIn(LogPage page) {
		if (this.epoch.isEmpty()) {
			return Optional.of(ContinuityLoss.NO_EPOCH);
		}
		if (!this.epoch.equals(page.epoch())) {
			return Optional.of(ContinuityLoss.OTHER_EPOCH);
		}
		if (this.position > page.last()) {
			return Optional.of(ContinuityLoss.BEYOND_END);
		}
		if (this.position + 1 < page.first()) {
			return Optional.of(ContinuityLoss.TRIMMED);
		}
		return Optional.empty();
	}

	public Cursor behind(LogEntry entry) {
		return new Cursor(entry.position(), this.epoch);
	}

}
