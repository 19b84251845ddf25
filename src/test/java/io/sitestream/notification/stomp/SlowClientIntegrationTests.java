package io.sitestream.notification.stomp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.SitestreamTest;
import io.sitestream.notification.Announcer;
import io.sitestream.notification.Notification;
import io.sitestream.notification.NotificationTopics;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import io.sitestream.platform.BrokerUnavailableException;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "notification", properties = "sitestream.notification.send-timeout=2s")
class SlowClientIntegrationTests {

	private static final int ENTRIES = 2_000;

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	@Autowired
	MeterRegistry meters;

	final String channel = Announcer.newChannel();

	@Test
	void cutsOffWhoDoesNotReadAndSlowsDownNobodyElse() throws IOException {
		fillTheLog();
		try (RawWebSocket slow = new RawWebSocket(this.port, 4096);
				StompTestClient quick = StompTestClient.connect(this.port, "ada")) {
			subscribeAndStopReading(slow);
			await().until(() -> connections() == 2);
			quick.subscribe(this.channel);

			List<StompTestFrame> messages = quick.awaitMessages(ENTRIES);
			assertThat(messages).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(1, ENTRIES).boxed().toList());
			await().atMost(Duration.ofSeconds(30)).until(() -> connections() == 1);
			assertThat(readToTheEnd(slow.socket())).isLessThan(ENTRIES * 10_000L);
			assertThat(quick.isClosed()).isFalse();
		}
	}

	private void fillTheLog() {
		String text = "x".repeat(10_000);
		for (int start = 1; start <= ENTRIES; start += 50) {
			List<Emission> some = IntStream.range(start, start + 50)
				.mapToObj((sequence) -> emission(sequence, text))
				.toList();
			// a busy broker may not acknowledge in time; what it has taken all the same
			// is
			// dropped when it comes again
			await().atMost(Duration.ofSeconds(60))
				.ignoreExceptionsInstanceOf(BrokerUnavailableException.class)
				.untilAsserted(() -> this.emitter.emit(some));
		}
		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			client.awaitMessages(ENTRIES);
		}
		await().until(() -> connections() == 0);
	}

	private Emission emission(long sequence, String text) {
		return Emission.of(NotificationTopics.NOTIFICATIONS, this.channel,
				new Notification(UUID.randomUUID().toString(), "/tests", sequence, "ada", this.channel, "test.said",
						JsonNodeFactory.instance.stringNode(text)));
	}

	private double connections() {
		return this.meters.get("sitestream.stomp.connections").gauge().value();
	}

	private void subscribeAndStopReading(RawWebSocket slow) throws IOException {
		slow.write("CONNECT\naccept-version:1.2\nAccount-Id:ada\n\n\0",
				"SUBSCRIBE\nid:1\ndestination:/channels/" + this.channel + "\n\n\0");
	}

	private static long readToTheEnd(Socket socket) throws IOException {
		socket.setSoTimeout(30_000);
		try {
			return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (SocketException ex) {
			return 0;
		}
	}

}
