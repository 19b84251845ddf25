package io.sitestream.notification;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.servers.LocalRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens to subscribers and notifications when Redis, or the connection to it,
 * comes and goes.
 */
class ChannelRecoveryIntegrationTests {

	final String channel = Announcer.newChannel();

	LocalRedis redis;

	RedisClient observer;

	TestSpace space;

	@BeforeEach
	void startRedis() {
		this.redis = TestServers.separateRedis();
		this.observer = RedisClient.create("redis://127.0.0.1:" + this.redis.port());
		this.space = TestSpace.of("notification");
	}

	@AfterEach
	void stopRedis() {
		this.observer.shutdown();
		this.redis.close();
	}

	@Test
	void deliversWithoutHintsAtTheNextLookIntoTheLog() {
		try (Instance instance = instance("1s");
				StompTestClient client = StompTestClient.connect(instance.port(), "ada").subscribe(this.channel);
				StatefulRedisConnection<String, String> admin = this.observer.connect()) {
			Announcer ada = new Announcer(instance.emitter(), "ada", this.channel);
			ada.announce(1);
			client.awaitMessages(1);
			String log = this.space.redisPrefix() + "channel:{" + this.channel + "}:log";
			String state = this.space.redisPrefix() + "channel:{" + this.channel + "}:state";
			admin.sync()
				.xadd(log, XAddArgs.Builder.nomkstream().id("2-0"), "type", "test.said", "body", "{\"sequence\":2}");
			admin.sync().hset(state, "last", "2");

			assertThat(client.awaitMessages(2)).extracting(StompTestFrame::position).containsExactly(1L, 2L);
		}
	}

	@Test
	void hearsAgainAfterTheHintsWereCutOff() {
		try (Instance instance = instance("1h");
				StompTestClient client = StompTestClient.connect(instance.port(), "ada").subscribe(this.channel);
				StatefulRedisConnection<String, String> admin = this.observer.connect()) {
			Announcer ada = new Announcer(instance.emitter(), "ada", this.channel);
			ada.announce(1);
			client.awaitMessages(1);

			for (int turn = 2; turn <= 6; turn++) {
				assertThat(admin.sync().clientKill(KillArgs.Builder.typePubsub())).isPositive();
				ada.announce(1);
				client.awaitMessages(turn);
				await().untilAsserted(() -> assertThat(admin.sync().pubsubChannels()).hasSize(2));
			}

			assertThat(client.messages()).extracting(StompTestFrame::position).containsExactlyElementsOf(upTo(6));
		}
	}

	@Test
	void losesNothingWhileRedisIsAway() {
		try (Instance instance = instance("10s");
				StompTestClient client = StompTestClient.connect(instance.port(), "ada").subscribe(this.channel)) {
			Announcer ada = new Announcer(instance.emitter(), "ada", this.channel);
			ada.announce(10);
			client.awaitMessages(10);
			this.redis.stop();
			ada.announce(300);
			this.redis.start();
			ada.announce(10);

			assertThat(client.awaitMessages(320)).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(upTo(320));
			assertThat(client.messages()).extracting(StompTestFrame::epoch)
				.containsOnly(client.messages().getFirst().epoch());
		}
	}

	@Test
	void tellsItsSubscribersWhenRedisWasEmptiedAndFillsItAgain() {
		try (Instance instance = instance("1s");
				StompTestClient client = StompTestClient.connect(instance.port(), "ada").subscribe(this.channel);
				StatefulRedisConnection<String, String> admin = this.observer.connect()) {
			Announcer ada = new Announcer(instance.emitter(), "ada", this.channel);
			ada.announce(3);
			String before = client.awaitMessages(3).getFirst().epoch();
			admin.sync().flushall();
			StompTestFrame lost = client.awaitMessage("continuity-lost");
			ada.announce(2);

			assertThat(lost.body()).isEqualTo("{\"reason\":\"other-epoch\"}");
			assertThat(lost.epoch()).isNotEqualTo(before);
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(sinceTheLastLoss(client)).extracting(StompTestFrame::position)
					.containsExactlyElementsOf(upTo(5)));
			assertThat(sinceTheLastLoss(client)).extracting((frame) -> frame.json().get("sequence").asLong())
				.containsExactlyElementsOf(upTo(5));
		}
	}

	private static List<StompTestFrame> sinceTheLastLoss(StompTestClient client) {
		List<StompTestFrame> messages = client.messages();
		int end = messages.size();
		while (end > 0 && !messages.get(end - 1).type().equals("continuity-lost")) {
			end--;
		}
		return messages.subList(end, messages.size());
	}

	private Instance instance(String pollInterval) {
		return Instance.in(this.space, "spring.data.redis.port=" + this.redis.port(),
				"sitestream.notification.poll-interval=" + pollInterval);
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}
