package io.sitestream.notification.channel;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class NotificationPropertiesUnitTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void refusesALogWithoutEntries() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NotificationProperties(0, SECOND, SECOND, SECOND, SECOND, SECOND, List.of()))
			.withMessage("sitestream.notification.log-entries is 0: at least 1 is allowed.");
	}

	@Test
	void refusesTimesThatAreNone() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new NotificationProperties(1, SECOND, Duration.ZERO, SECOND, SECOND, SECOND, List.of()))
			.withMessage("sitestream.notification.poll-interval is PT0S: at least 1ms is allowed.");
	}

}
