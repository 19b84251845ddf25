package io.sitestream.notification.channel;

import java.util.List;

/**
 * What became of notifications.
 *
 * @param appended how many are in their logs now
 * @param repeated how many were dropped since their sequence was not above the last one
 * of their source
 * @param foreign how many were dropped since the channel belongs to another account
 */
record AppendSummary(long appended, long repeated, long foreign) {

	static final AppendSummary NOTHING = new AppendSummary(0, 0, 0);

	static AppendSummary of(List<?> reply) {
		if (reply.isEmpty()) {
			throw new LogUnavailableException("The primary of Redis is another one: what it may have lost comes first.",
					null);
		}
		return new AppendSummary((Long) reply.get(0), (Long) reply.get(1), (Long) reply.get(2));
	}

	AppendSummary plus(AppendSummary other) {
		return new AppendSummary(this.appended + other.appended, this.repeated + other.repeated,
				this.foreign + other.foreign);
	}

}
