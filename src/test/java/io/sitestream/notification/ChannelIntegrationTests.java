package io.sitestream.notification;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.TopicNames;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "notification", properties = "sitestream.notification.log-entries=50")
class ChannelIntegrationTests {

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	@Autowired
	MeterRegistry meters;

	@Autowired
	Consumer<Message<List<RawRecord>>> pushNotifications;

	@Autowired
	TopicNames names;

	@Autowired
	RecordFormat format;

	final String channel = Announcer.newChannel();

	@Test
	void deliversWhatIsSaidBeforeAndAfterTheSubscriptionWithoutGaps() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		ada.announce(20);

		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			client.awaitMessages(20);
			ada.announce(25);

			List<StompTestFrame> messages = client.awaitMessages(45);
			assertThat(messages).extracting(StompTestFrame::position).containsExactlyElementsOf(upTo(45));
			assertThat(messages).extracting((frame) -> frame.json().get("sequence").asLong())
				.containsExactlyElementsOf(upTo(45));
			assertThat(messages).extracting(StompTestFrame::epoch).containsOnly(messages.getFirst().epoch());
			assertThat(messages.getFirst().headers()).containsEntry("type", "test.said")
				.containsEntry("destination", "/channels/" + this.channel)
				.containsEntry("subscription", "sub-1")
				.containsEntry("content-type", "application/json")
				.containsKey("message-id");
		}
	}

	@Test
	void deliversTheSameToEverySubscriber() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		try (StompTestClient one = StompTestClient.connect(this.port, "ada").subscribe(this.channel);
				StompTestClient two = StompTestClient.connect(this.port, "ada")
					.subscribe(this.channel)
					.subscribe(this.channel)) {
			ada.announce(30);

			one.awaitMessages(30);
			two.awaitMessages(60);
			for (String subscription : List.of("sub-1", "sub-2")) {
				assertThat(two.messages()).filteredOn((frame) -> frame.header("subscription").equals(subscription))
					.extracting(StompTestFrame::position)
					.containsExactlyElementsOf(upTo(30));
			}
		}
	}

	@Test
	void dropsSequencesThatAreNotAboveTheLastOfTheirSource() {
		double before = counted("repeated");
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		Announcer other = new Announcer(this.emitter, "ada", this.channel);
		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			LongStream.of(-5, 3, 3, 2, 7, 9_007_199_254_740_993L, 9_007_199_254_740_992L, Long.MAX_VALUE, 8)
				.forEach(ada::announceSequence);
			other.announceSequence(1);

			List<StompTestFrame> messages = client.awaitMessages(6);
			assertThat(messages).extracting((frame) -> frame.json().get("sequence").asLong())
				.containsExactly(-5L, 3L, 7L, 9_007_199_254_740_993L, Long.MAX_VALUE, 1L);
			assertThat(messages).extracting(StompTestFrame::position).containsExactlyElementsOf(upTo(6));
			await().untilAsserted(() -> assertThat(counted("repeated") - before).isEqualTo(4));
		}
	}

	@Test
	void goesOnBehindThePositionThatTheClientHas() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		ada.announce(10);
		String epoch = epochAfter(10);

		try (StompTestClient again = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 7, epoch)) {
			again.awaitMessages(3);
			ada.announce(2);

			assertThat(again.awaitMessages(5)).extracting(StompTestFrame::position)
				.containsExactly(8L, 9L, 10L, 11L, 12L);
		}
	}

	@Test
	void goesOnBehindTheVeryEndWithoutAWord() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		ada.announce(3);
		String epoch = epochAfter(3);

		try (StompTestClient again = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 3, epoch)) {
			ada.announce(1);

			assertThat(again.awaitMessages(1)).extracting(StompTestFrame::position).containsExactly(4L);
		}
	}

	@Test
	void saysWhenTheEpochIsMissing() {
		new Announcer(this.emitter, "ada", this.channel).announce(3);
		String epoch = epochAfter(3);

		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.subscribe(this.channel, Map.of("after-position", "2"));

			assertLostThenAll(client, "no-epoch", epoch, 0, 3);
		}
	}

	@Test
	void saysWhenTheEpochIsAnother() {
		new Announcer(this.emitter, "ada", this.channel).announce(3);
		String epoch = epochAfter(3);

		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 2, "former")) {
			assertLostThenAll(client, "other-epoch", epoch, 0, 3);
		}
	}

	@Test
	void saysWhenThePositionIsBeyondTheEnd() {
		new Announcer(this.emitter, "ada", this.channel).announce(3);
		String epoch = epochAfter(3);

		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 4, epoch)) {
			assertLostThenAll(client, "beyond-end", epoch, 0, 3);
		}
	}

	@Test
	void saysWhenEntriesAreNoLongerKept() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		ada.announce(5);
		String epoch = epochAfter(5);
		ada.announce(55);
		try (StompTestClient whole = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 5, epoch)) {
			await()
				.untilAsserted(() -> assertThat(whole.messages()).extracting(StompTestFrame::position).contains(60L));
		}

		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 9, epoch);
				StompTestClient edge = StompTestClient.connect(this.port, "ada").subscribe(this.channel, 10, epoch);
				StompTestClient anew = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			assertLostThenAll(client, "trimmed", epoch, 10, 60);
			assertThat(edge.awaitMessages(50)).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(11, 60).boxed().toList());
			assertThat(anew.awaitMessages(50)).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(11, 60).boxed().toList());
		}
	}

	@Test
	void refusesTheChannelOfAnAccountThatWasNotifiedFirst() {
		new Announcer(this.emitter, "ada", this.channel).announce(1);
		epochAfter(1);

		try (StompTestClient eve = StompTestClient.connect(this.port, "eve").subscribe(this.channel)) {
			assertThat(eve.awaitCommand("ERROR").header("message"))
				.isEqualTo("Channel '%s' belongs to another account.".formatted(this.channel));
			assertThat(eve.awaitClose()).isEqualTo(1002);
			assertThat(eve.messages()).isEmpty();
		}
	}

	@Test
	void dropsAndCountsNotificationsForTheChannelOfAnotherAccount() {
		double before = counted("foreign");
		try (StompTestClient ada = StompTestClient.connect(this.port, "ada")) {
			ada.subscribe(this.channel, Map.of("receipt", "mine"));
			ada.awaitCommand("RECEIPT");
			new Announcer(this.emitter, "eve", this.channel).announce(2);
			new Announcer(this.emitter, "ada", this.channel).announceSequence(42);

			assertThat(ada.awaitMessages(1)).extracting((frame) -> frame.json().get("sequence").asLong())
				.containsExactly(42L);
			await().untilAsserted(() -> assertThat(counted("foreign") - before).isEqualTo(2));
		}
	}

	@Test
	void keepsWhatCannotBeDeliveredFromHoldingUpTheRest() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		ada.announce(1);
		this.emitter.emit(Emission.of(NotificationTopics.NOTIFICATIONS, this.channel,
				new Notification("1", "/tests", 1, "ada", "short", "test.said", JsonNodeFactory.instance.nullNode())));
		ada.announce(1);

		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			assertThat(client.awaitMessages(2)).extracting(StompTestFrame::position).containsExactly(1L, 2L);
		}
	}

	@Test
	void takesWhatNoConsumerHasBrought() {
		Notification notification = new Notification("1", "/tests", 1, "ada", this.channel, "test.said",
				JsonNodeFactory.instance.nullNode());
		Position nowhere = new Position(this.names.of(NotificationTopics.NOTIFICATIONS), 99, 7);
		this.pushNotifications
			.accept(new GenericMessage<>(List.of(new RawRecord(nowhere, Instant.now(), this.channel.getBytes(),
					this.format.write(notification), Map.of(Consumed.REPLAYED, Consumed.UNPLACED), -1))));

		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			assertThat(client.awaitMessages(1)).extracting(StompTestFrame::position).containsExactly(1L);
		}
	}

	private void assertLostThenAll(StompTestClient client, String reason, String epoch, long behind, long last) {
		List<StompTestFrame> messages = client.awaitMessages((int) (last - behind + 1));
		assertThat(messages.getFirst().type()).isEqualTo("continuity-lost");
		assertThat(messages.getFirst().position()).isEqualTo(behind);
		assertThat(messages.getFirst().body()).isEqualTo("{\"reason\":\"%s\"}".formatted(reason));
		assertThat(messages).extracting(StompTestFrame::epoch).containsOnly(epoch);
		assertThat(messages).extracting(StompTestFrame::position)
			.containsExactlyElementsOf(LongStream.rangeClosed(behind, last).boxed().toList());
	}

	private String epochAfter(int entries) {
		try (StompTestClient client = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			return client.awaitMessages(entries).getFirst().epoch();
		}
	}

	private double counted(String outcome) {
		return this.meters.counter("sitestream.notifications", "outcome", outcome).count();
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
