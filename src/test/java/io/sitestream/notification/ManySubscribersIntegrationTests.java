package io.sitestream.notification;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.sitestream.TestSpace;
import io.sitestream.platform.Emission;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One instance and many subscribers, each on a channel of its own: everybody gets all
 * frames in order, and nobody costs a thread.
 */
class ManySubscribersIntegrationTests {

	private static final Logger log = LoggerFactory.getLogger(ManySubscribersIntegrationTests.class);

	private static final int SUBSCRIBERS = Boolean.getBoolean("sitestream.test.long") ? 2_000 : 100;

	private static final int FRAMES = 10;

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	@Test
	void givesEveryoneTheirFramesAndNobodyAThread() {
		List<String> channels = IntStream.range(0, SUBSCRIBERS).mapToObj((i) -> Announcer.newChannel()).toList();
		List<StompTestClient> clients = new ArrayList<>();
		try (Instance instance = Instance.in(TestSpace.of("notification"))) {
			StompTestClient.connect(instance.port(), "ada").drop();
			int threads = ManagementFactory.getThreadMXBean().getThreadCount();
			long memory = usedMemory();
			channels.forEach((channel) -> clients.add(subscribe(instance.port(), channel)));
			await().atMost(PATIENCE).until(() -> clients.stream().allMatch(StompTestClient::isSubscribed));
			long subscribed = usedMemory();
			long begun = System.nanoTime();
			for (int sequence = 1; sequence <= FRAMES; sequence++) {
				int number = sequence;
				instance.emitter().emit(channels.stream().map((channel) -> emission(channel, number)).toList());
			}
			await().atMost(PATIENCE)
				.until(() -> clients.stream().allMatch((client) -> client.messages().size() >= FRAMES));
			double seconds = (System.nanoTime() - begun) / 1e9;

			log.info("{} subscribers: {} frames/s, {} KiB each (client included), {} threads more", SUBSCRIBERS,
					Math.round(SUBSCRIBERS * FRAMES / seconds), (subscribed - memory) / SUBSCRIBERS / 1024,
					ManagementFactory.getThreadMXBean().getThreadCount() - threads);
			clients.forEach((client) -> assertThat(client.messages()).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(1, FRAMES).boxed().toList()));
			assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads).isLessThan(50);
		}
		finally {
			clients.forEach(StompTestClient::drop);
		}
	}

	/** Does not wait for the server's answers. */
	private static StompTestClient subscribe(int port, String channel) {
		StompTestClient client = StompTestClient.open(port);
		client.sendConnect(Map.of("Account-Id", "ada"));
		return client.subscribe(channel, Map.of("receipt", "subscribed"));
	}

	private static long usedMemory() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private static Emission emission(String channel, long sequence) {
		return Emission.of(NotificationTopics.NOTIFICATIONS, channel,
				new Notification(UUID.randomUUID().toString(), "/tests", sequence, "ada", channel, "test.said",
						JsonNodeFactory.instance.objectNode().put("sequence", sequence)));
	}

}
