package io.sitestream.notification;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import io.sitestream.TestSpace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Law 7: a channel's client history is gapless, in order and without repeats, over any
 * number of disconnects and instances.
 */
class ChannelInstancesIntegrationTests {

	private static final boolean LONG = Boolean.getBoolean("sitestream.test.long");

	static TestSpace space;

	static Instance one;

	static Instance two;

	final String channel = Announcer.newChannel();

	@BeforeAll
	static void startBoth() {
		space = TestSpace.of("notification");
		one = Instance.in(space);
		two = Instance.in(space);
	}

	@AfterAll
	static void stopBoth() {
		two.close();
		one.close();
	}

	@Test
	void goesOnAtAnotherInstanceAfterTheConnectionWasDropped() {
		Announcer ada = new Announcer(one.emitter(), "ada", this.channel);
		StompTestClient client = StompTestClient.connect(one.port(), "ada").subscribe(this.channel);
		ada.announce(10);
		StompTestFrame last = client.awaitMessages(10).getLast();
		client.drop();
		ada.announce(10);

		try (StompTestClient again = StompTestClient.connect(two.port(), "ada")
			.subscribe(this.channel, last.position(), last.epoch())) {
			again.awaitMessages(10);
			ada.announce(10);

			assertThat(again.awaitMessages(20)).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(11, 30).boxed().toList());
		}
	}

	@Test
	void losesAndRepeatsNothingOverRandomDisconnects() {
		int disconnects = LONG ? 100 : 20;
		int notifications = disconnects * 25;
		Announcer ada = new Announcer(one.emitter(), "ada", this.channel);
		Random random = new Random(20261123);
		CompletableFuture<Void> announcing = CompletableFuture.runAsync(() -> {
			for (int sent = 0; sent < notifications; sent += 5) {
				ada.announce(5);
			}
		});
		List<StompTestFrame> history = new ArrayList<>();
		for (int turn = 0; turn <= disconnects; turn++) {
			boolean end = (turn == disconnects);
			StompTestClient client = StompTestClient.connect((random.nextBoolean() ? one : two).port(), "ada");
			if (history.isEmpty()) {
				client.subscribe(this.channel);
			}
			else {
				client.subscribe(this.channel, history.getLast().position(), history.getLast().epoch());
			}
			client.awaitMessages(end ? notifications - history.size()
					: Math.min(random.nextInt(25), notifications - history.size()));
			client.drop();
			history.addAll(client.messages());
		}

		announcing.join();
		assertThat(history).extracting(StompTestFrame::type).containsOnly("test.said");
		assertThat(history).extracting(StompTestFrame::position)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, notifications).boxed().toList());
		assertThat(history).extracting((frame) -> frame.json().get("sequence").asLong())
			.containsExactlyElementsOf(LongStream.rangeClosed(1, notifications).boxed().toList());
	}

	@Test
	void tellsItsClientsToGoWhenItStopsAndKeepsThePositionsForTheNextInstance() {
		Instance three = Instance.in(space);
		StompTestClient client = StompTestClient.connect(three.port(), "ada").subscribe(this.channel);
		Announcer ada = new Announcer(one.emitter(), "ada", this.channel);
		ada.announce(10);
		StompTestFrame last = client.awaitMessages(10).getLast();
		three.close();
		assertThat(client.awaitClose()).isEqualTo(1001);
		ada.announce(5);

		try (Instance four = Instance.in(space);
				StompTestClient again = StompTestClient.connect(four.port(), "ada")
					.subscribe(this.channel, last.position(), last.epoch())) {
			assertThat(again.awaitMessages(5)).extracting(StompTestFrame::position)
				.containsExactly(11L, 12L, 13L, 14L, 15L);
		}
	}

	@Test
	void letsNobodyElseInAtAnotherInstance() {
		try (StompTestClient ada = StompTestClient.connect(one.port(), "ada").subscribe(this.channel)) {
			new Announcer(two.emitter(), "ada", this.channel).announce(1);
			ada.awaitMessages(1);

			try (StompTestClient eve = StompTestClient.connect(two.port(), "eve").subscribe(this.channel)) {
				assertThat(eve.awaitCommand("ERROR").header("message"))
					.isEqualTo("Channel '%s' belongs to another account.".formatted(this.channel));
			}
		}
	}

}
