package io.sitestream.notification.stomp;

import java.time.Duration;

import io.sitestream.notification.channel.NotificationProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HeartBeatUnitTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			-           | 0     | 0
			0,0         | 0     | 0
			10000,20000 | 20000 | 10000
			0,500       | 1000  | 0
			1,0         | 0     | 1000
			'10000, 20000' | 20000 | 10000
			""")
	void takesTheLongerOfBothWishes(String header, long outgoing, long incoming) {
		assertThat(HeartBeat.agreed(header, Duration.ofSeconds(1))).isEqualTo(new HeartBeat(outgoing, incoming));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			1000
			-1,0
			1,2,3
			9999999999,0
			""")
	void refusesWhatIsNotTwoNumbers(String header) {
		assertThatExceptionOfType(StompFault.class).isThrownBy(() -> HeartBeat.agreed(header, Duration.ofSeconds(1)))
			.withMessage("Header heart-beat is '%s'.".formatted(header));
	}

	@ParameterizedTest
	@CsvSource({ "1000, 76000", "10000, 85000", "30000, 105000", "60000, 180000" })
	void waitsForPagesThatBrowsersWakeOnceAMinute(long incoming, long longest) {
		NotificationProperties properties = new Binder().bindOrCreate("sitestream.notification",
				NotificationProperties.class);

		assertThat(new HeartBeat(0, incoming).longestSilence(properties.toleratedSilence())).isEqualTo(longest)
			.isGreaterThan(60_000 + incoming);
	}

	@Test
	void saysWhatIsExpected() {
		assertThatExceptionOfType(StompFault.class).isThrownBy(() -> HeartBeat.agreed("x", Duration.ofSeconds(1)))
			.satisfies((fault) -> assertThat(fault.text())
				.isEqualTo("Header heart-beat is 'x'. Expected two numbers of milliseconds, as 10000,10000."));
	}

}
