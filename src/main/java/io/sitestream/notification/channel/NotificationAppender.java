package io.sitestream.notification.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.notification.Notification;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.TraceHeaders;
import io.sitestream.platform.RedisRewind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Brings notifications into their channels' logs, in the order of the topic. A channel's
 * next notifications are sent to Redis only when the ones before are known to be there,
 * so a connection that breaks in the middle never changes their order; what is appended a
 * second time after that is dropped by its sequence.
 */
@Component
class NotificationAppender {

	private static final Logger log = LoggerFactory.getLogger(NotificationAppender.class);

	private static final int ROUND_ENTRIES = 200;

	private static final int ROUND_BYTES = 1024 * 1024;

	private final ChannelLog channels;

	private final RedisRewind rewind;

	private final MeterRegistry meters;

	NotificationAppender(ChannelLog channels, RedisRewind notificationsRewind, MeterRegistry meters) {
		this.channels = channels;
		this.rewind = notificationsRewind;
		this.meters = meters;
		count(AppendSummary.NOTHING);
	}

	void on(List<Consumed<Notification>> batch) {
		Map<String, Deque<LogAddition>> waiting = new LinkedHashMap<>();
		for (Consumed<Notification> consumed : batch) {
			Notification notification = NotificationRules.check(consumed);
			waiting.computeIfAbsent(notification.channelId(), (channelId) -> new ArrayDeque<>())
				.add(addition(notification, consumed));
		}
		AppendSummary summary = AppendSummary.NOTHING;
		while (!waiting.isEmpty()) {
			Map<String, List<LogAddition>> round = new LinkedHashMap<>();
			waiting.forEach((channelId, additions) -> round.put(channelId, take(additions)));
			waiting.values().removeIf(Deque::isEmpty);
			AppendSummary done = this.channels.append(round);
			count(done);
			summary = summary.plus(done);
		}
		if (summary.foreign() > 0) {
			log.warn("Dropped {} of {} notifications: their channels belong to other accounts.", summary.foreign(),
					batch.size());
		}
	}

	private LogAddition addition(Notification notification, Consumed<Notification> consumed) {
		Position position = consumed.position();
		return new LogAddition(notification.account(), notification.source(), notification.sequence(),
				notification.type(), notification.body().bytes(), consumed.header(TraceHeaders.PARENT).orElse(""),
				position.offset(), this.rewind.terms(position.topic(), position.partition()));
	}

	private static List<LogAddition> take(Deque<LogAddition> additions) {
		List<LogAddition> taken = new ArrayList<>();
		int bytes = 0;
		while (!additions.isEmpty() && taken.size() < ROUND_ENTRIES && bytes < ROUND_BYTES) {
			LogAddition next = additions.remove();
			bytes += next.body().length;
			taken.add(next);
		}
		return taken;
	}

	private void count(AppendSummary summary) {
		count("appended", summary.appended());
		count("repeated", summary.repeated());
		count("foreign", summary.foreign());
	}

	private void count(String outcome, long number) {
		this.meters.counter("sitestream.notifications", "outcome", outcome).increment(number);
	}

}
