package io.sitestream.projection;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.sitestream.TestServers;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * Who waits for a projection hears of it, or waits no longer than was said.
 */
class AdvancesIntegrationTests {

	private final String channel = "advances-" + UUID.randomUUID();

	@Test
	void hearsWhatIsPublishedFromTheFirstWaitOn() {
		LettuceConnectionFactory connections = connections(TestServers.redis().port());
		try (Advances advances = new Advances(connections, this.channel.getBytes(UTF_8))) {
			assertThat(advances.count()).isZero();
			await("the subscription").atMost(Duration.ofSeconds(60)).until(() -> {
				advances.awaitMore(0, TimeUnit.MILLISECONDS.toNanos(50));
				return advances.count() == 1;
			});
			StringRedisTemplate redis = new StringRedisTemplate(connections);

			redis.convertAndSend(this.channel, "");

			await("the hint").atMost(Duration.ofSeconds(60)).until(() -> advances.count() == 2);
		}
		finally {
			connections.destroy();
		}
	}

	@Test
	void aServerThatHangsHoldsNobodyLongerThanWasSaid() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
			LettuceConnectionFactory connections = connections(silent.getLocalPort());
			try (Advances advances = new Advances(connections, this.channel.getBytes(UTF_8))) {
				assertTimeout(Duration.ofSeconds(8), () -> {
					for (int i = 0; i < 3; i++) {
						advances.awaitMore(advances.count(), TimeUnit.MILLISECONDS.toNanos(50));
					}
				});
			}
			finally {
				silent.close();
				connections.destroy();
			}
		}
	}

	private static LettuceConnectionFactory connections(int port) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", port);
		connections.afterPropertiesSet();
		connections.start();
		return connections;
	}

}
