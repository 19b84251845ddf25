package io.sitestream.notification.channel;

import java.time.Instant;
import java.util.Map;

import io.sitestream.notification.Notification;
import io.sitestream.notification.NotificationTopics;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import io.sitestream.platform.UnprocessableRecordException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NotificationRulesUnitTests {

	@Test
	void takesWhatCanBeDelivered() {
		Notification notification = notification("ada", "0123456789abcdef", "/tests", "test.said");

		assertThat(NotificationRules.check(consumed(notification))).isSameAs(notification);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			textBlock = """
					ada    | 0123456789abcde  | /tests | test.said | channelId '0123456789abcde': expected [A-Za-z0-9_-]{16,128}
					ada    | -                | /tests | test.said | channelId 'null': expected [A-Za-z0-9_-]{16,128}
					a d a  | 0123456789abcdef | /tests | test.said | account 'a d a': expected [A-Za-z0-9._-]{1,128}
					ada    | 0123456789abcdef | -      | test.said | source 'null': expected 1 to 256 characters, none of them NUL
					ada    | 0123456789abcdef | /tests | ''        | type '': expected 1 to 256 characters, none of them NUL
					""")
	void namesWhatIsWrong(@Nullable String account, @Nullable String channelId, @Nullable String source,
			@Nullable String type, String fault) {
		Consumed<Notification> consumed = consumed(notification(account, channelId, source, type));

		assertThatExceptionOfType(UnprocessableRecordException.class)
			.isThrownBy(() -> NotificationRules.check(consumed))
			.withMessage("Notification has the " + fault + ".")
			.satisfies((ex) -> assertThat(ex.position()).isEqualTo(consumed.position()));
	}

	@Test
	void takesNoTombstones() {
		assertThatExceptionOfType(UnprocessableRecordException.class)
			.isThrownBy(() -> NotificationRules.check(consumed(null)))
			.withMessage("Tombstone for key '0123456789abcdef': topic notifications takes none.");
	}

	private static Notification notification(@Nullable String account, @Nullable String channelId,
			@Nullable String source, @Nullable String type) {
		return new Notification("1", source, 1, account, channelId, type, JsonNodeFactory.instance.nullNode());
	}

	private static Consumed<Notification> consumed(@Nullable Notification value) {
		return new Consumed<>(NotificationTopics.NOTIFICATIONS, "0123456789abcdef", value, Map.of(),
				new Position("notifications", 0, 7), Instant.EPOCH);
	}

}
