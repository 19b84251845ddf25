package io.sitestream.notification;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A service that has something to say on a channel.
 */
public final class Announcer {

	private final AtomicLong sequence = new AtomicLong();

	private final String source = "/tests/" + UUID.randomUUID();

	private final Emitter emitter;

	private final String account;

	private final String channelId;

	public Announcer(Emitter emitter, String account, String channelId) {
		this.emitter = emitter;
		this.account = account;
		this.channelId = channelId;
	}

	/**
	 * A channel id that nobody has used.
	 * @return the id
	 */
	public static String newChannel() {
		return UUID.randomUUID().toString();
	}

	/**
	 * Sends notifications whose bodies carry their sequence.
	 * @param number how many
	 */
	public void announce(int number) {
		List<Emission> emissions = IntStream.range(0, number)
			.mapToObj((index) -> emission(this.sequence.incrementAndGet()))
			.toList();
		this.emitter.emit(emissions);
	}

	/**
	 * Sends one notification.
	 * @param sequence its sequence
	 */
	public void announceSequence(long sequence) {
		this.emitter.emit(emission(sequence));
	}

	private Emission emission(long sequence) {
		return Emission.of(NotificationTopics.NOTIFICATIONS, this.channelId,
				new Notification(UUID.randomUUID().toString(), this.source, sequence, this.account, this.channelId,
						"test.said", JsonNodeFactory.instance.objectNode().put("sequence", sequence)));
	}

}
