package io.sitestream.shapes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One of two processes is asked to end while both are written to and listened to. The
 * session timeout is longer than anybody waits here, so only a process that leaves its
 * groups lets the other one go on.
 */
class GracefulShutdownProcessTests {

	private static final String CHANNEL = "channel-graceful-shutdown";

	private final AtomicInteger announced = new AtomicInteger();

	@Test
	void losesAndRepeatsNothing() {
		TestSpace space = TestSpace.of("site", "notification");
		try (SitestreamProcess leaving = process(space, "leaving").awaitReady();
				SitestreamProcess staying = process(space, "staying").awaitReady();
				TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix());
				ScheduledExecutorService announcer = Executors.newSingleThreadScheduledExecutor()) {
			SteadyWrites writes = new SteadyWrites(4, leaving.port(), staying.port());
			announcer.scheduleAtFixedRate(() -> announce(probe), 0, 20, TimeUnit.MILLISECONDS);
			List<StompTestFrame> frames;
			try (writes; StompTestClient first = StompTestClient.connect(leaving.port(), "ann").subscribe(CHANNEL)) {
				first.awaitMessages(20);
				writes.awaitMore(100);
				int before = leaving.output().length();

				long begin = System.nanoTime();
				int code = leaving.terminate();
				long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();

				System.out.printf("Ended after %d ms; until then %s.%n", millis, writes);
				assertThat(code).isEqualTo(143);
				assertThat(first.awaitClose()).as("going away").isEqualTo(1001);
				assertThat(leaving.output().substring(before)).doesNotContain("ERROR", "Exception");
				frames = new ArrayList<>(first.messages());
				writes.awaitMore(100);
				System.out.printf("In all %s.%n", writes);
			}
			announcer.shutdown();
			probe.flush();
			StompTestFrame last = frames.getLast();
			try (StompTestClient second = StompTestClient.connect(staying.port(), "ann")
				.subscribe(CHANNEL, last.position(), last.epoch())) {
				second.awaitMessages(this.announced.get() - frames.size());
				frames.addAll(second.messages());
			}

			assertThat(writes.faults()).isEmpty();
			assertThat(writes.longest()).isLessThan(Duration.ofSeconds(15));
			assertThat(frames).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(1, this.announced.get()).boxed().toList());
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> PublishedVersions.of(probe).assertOnceEach(writes.accepted()));
		}
	}

	private void announce(TopicProbe probe) {
		int sequence = this.announced.incrementAndGet();
		probe.send("notifications", CHANNEL, """
				{"id":"n-%d","source":"/tests/shutdown","sequence":%d,"account":"ann","channelId":"%s",\
				"type":"test.said","body":{"sequence":%d}}""".formatted(sequence, sequence, CHANNEL, sequence));
	}

	private static SitestreamProcess process(TestSpace space, String name) {
		return SitestreamProcess.in(space)
			.modules("site", "notification")
			.named(name)
			.with("spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms", "40000")
			.launch();
	}

}
