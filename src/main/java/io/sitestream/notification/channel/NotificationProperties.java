package io.sitestream.notification.channel;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the channels.
 *
 * @param logEntries how many entries of a channel are kept
 * @param logRetention how long a channel's log is kept after its last entry
 * @param pollInterval how often a subscriber looks into its log without a hint
 * @param sendTimeout how long a client may take to read one frame before it is
 * disconnected
 * @param heartBeat the shortest interval of heart-beats, both ways; a client asks for
 * what it wants above that
 * @param toleratedSilence how much longer than its heart-beat a client may be silent
 * before it is disconnected; browsers let pages that nobody sees say something once a
 * minute
 * @param allowedOrigins the origins whose pages may open a WebSocket besides the own one,
 * as {@code https://app.example.org}
 */
@ConfigurationProperties("sitestream.notification")
public record NotificationProperties(@DefaultValue("10000") int logEntries, @DefaultValue("24h") Duration logRetention,
		@DefaultValue("10s") Duration pollInterval, @DefaultValue("10s") Duration sendTimeout,
		@DefaultValue("1s") Duration heartBeat, @DefaultValue("75s") Duration toleratedSilence,
		@DefaultValue List<String> allowedOrigins) {

	public NotificationProperties {
		if (logEntries < 1) {
			throw new IllegalArgumentException(
					"sitestream.notification.log-entries is %d: at least 1 is allowed.".formatted(logEntries));
		}
		requirePositive("log-retention", logRetention);
		requirePositive("poll-interval", pollInterval);
		requirePositive("send-timeout", sendTimeout);
		requirePositive("heart-beat", heartBeat);
		requirePositive("tolerated-silence", toleratedSilence);
		allowedOrigins = List.copyOf(allowedOrigins);
	}

	private static void requirePositive(String name, Duration value) {
		if (value.toMillis() < 1) {
			throw new IllegalArgumentException(
					"sitestream.notification.%s is %s: at least 1ms is allowed.".formatted(name, value));
		}
	}

}
