package io.sitestream.notification.channel;

import io.sitestream.notification.Notification;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.UnprocessableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * What a notification must have, whoever produced it.
 */
final class NotificationRules {

	private static final int LONGEST = 256;

	private NotificationRules() {
	}

	/**
	 * Checks a notification.
	 * @param consumed the record
	 * @return its value
	 * @throws UnprocessableRecordException if it cannot be delivered to anybody
	 */
	static Notification check(Consumed<Notification> consumed) {
		Notification notification = consumed.required();
		identifier(consumed, Identifier.CHANNEL, "channelId", notification.channelId());
		identifier(consumed, Identifier.PLAIN, "account", notification.account());
		text(consumed, "source", notification.source());
		text(consumed, "type", notification.type());
		return notification;
	}

	private static void identifier(Consumed<?> consumed, Identifier form, String name, @Nullable String value) {
		if (value == null || !form.matches(value)) {
			throw new UnprocessableRecordException(consumed.position(),
					"Notification has the %s '%s': expected %s.".formatted(name, shortened(value), form.form()));
		}
	}

	private static void text(Consumed<?> consumed, String name, @Nullable String value) {
		if (value == null || value.isEmpty() || value.length() > LONGEST || value.indexOf('\0') >= 0) {
			throw new UnprocessableRecordException(consumed.position(),
					"Notification has the %s '%s': expected 1 to %d characters, none of them NUL.".formatted(name,
							shortened(value), LONGEST));
		}
	}

	private static @Nullable String shortened(@Nullable String value) {
		return (value == null || value.length() <= LONGEST) ? value : value.substring(0, LONGEST) + "…";
	}

}
