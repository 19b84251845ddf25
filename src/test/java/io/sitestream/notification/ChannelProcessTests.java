package io.sitestream.notification;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import io.sitestream.SitestreamProcess;
import io.sitestream.TestSpace;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Law 7 over kills: whoever comes back, to whatever instance, goes on without a gap and
 * without a repeat, while the instances that write the log and those that read it die.
 */
class ChannelProcessTests {

	private static final boolean LONG = Boolean.getBoolean("sitestream.test.long");

	private static final int DISCONNECTS = LONG ? 100 : 10;

	private static final int DISCONNECTS_PER_KILL = LONG ? 10 : 5;

	private static final int NOTIFICATIONS = DISCONNECTS * 20;

	private final Random random = new Random(20261123);

	private final List<StompTestFrame> history = new ArrayList<>();

	private final String channel = Announcer.newChannel();

	@Test
	void losesAndRepeatsNothingOverDisconnectsAndKills() {
		TestSpace space = TestSpace.of("notification");
		List<SitestreamProcess> processes = new ArrayList<>(List.of(launch(space, "one"), launch(space, "two")));
		try (Instance announcing = Instance.in(space, "sitestream.modules=business")) {
			Announcer ada = new Announcer(announcing.emitter(), "ada", this.channel);
			processes.forEach(SitestreamProcess::awaitReady);
			CompletableFuture<Void> announced = CompletableFuture.runAsync(() -> announce(ada));
			for (int turn = 1; turn <= DISCONNECTS; turn++) {
				StompTestClient client = connect(processes.get(this.random.nextInt(2)).port());
				client.awaitMessages(Math.min(this.random.nextInt(20), NOTIFICATIONS - this.history.size()));
				if (turn % DISCONNECTS_PER_KILL == 0) {
					int victim = this.random.nextInt(2);
					processes.get(victim).kill9();
					client.drop();
					processes.set(victim, launch(space, "again-" + turn).awaitReady());
				}
				client.drop();
				this.history.addAll(client.messages());
			}
			announced.join();
			try (StompTestClient last = connect(processes.getFirst().port())) {
				this.history.addAll(last.awaitMessages(NOTIFICATIONS - this.history.size()));
			}
		}
		finally {
			processes.forEach(SitestreamProcess::close);
		}

		assertThat(this.history).extracting(StompTestFrame::type).containsOnly("test.said");
		assertThat(this.history).extracting(StompTestFrame::epoch).containsOnly(this.history.getFirst().epoch());
		assertThat(this.history).extracting(StompTestFrame::position)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, NOTIFICATIONS).boxed().toList());
		assertThat(this.history).extracting((frame) -> frame.json().get("sequence").asLong())
			.containsExactlyElementsOf(LongStream.rangeClosed(1, NOTIFICATIONS).boxed().toList());
	}

	private static void announce(Announcer ada) {
		for (int sent = 0; sent < NOTIFICATIONS; sent += 5) {
			ada.announce(5);
		}
	}

	private StompTestClient connect(int port) {
		StompTestClient client = StompTestClient.connect(port, "ada");
		return this.history.isEmpty() ? client.subscribe(this.channel)
				: client.subscribe(this.channel, this.history.getLast().position(), this.history.getLast().epoch());
	}

	private static SitestreamProcess launch(TestSpace space, String name) {
		return SitestreamProcess.in(space).modules("notification").named("channels-" + name).launch();
	}

}
