package io.sitestream.projection.reading;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Carries the settings of the application's connections over to others: encryption,
 * client name, time-outs, options and threads.
 */
final class ClientSettings {

	private ClientSettings() {
	}

	static LettuceClientConfigurationBuilder of(LettuceConnectionFactory application) {
		LettuceClientConfiguration from = application.getClientConfiguration();
		LettuceClientConfigurationBuilder copy = LettuceClientConfiguration.builder()
			.commandTimeout(from.getCommandTimeout())
			.shutdownTimeout(from.getShutdownTimeout())
			.shutdownQuietPeriod(from.getShutdownQuietPeriod());
		from.getClientOptions().ifPresent(copy::clientOptions);
		from.getClientResources().ifPresent(copy::clientResources);
		from.getClientName().ifPresent(copy::clientName);
		from.getRedisCredentialsProviderFactory().ifPresent(copy::redisCredentialsProviderFactory);
		if (from.isUseSsl()) {
			LettuceSslClientConfigurationBuilder encrypted = copy.useSsl().verifyPeer(from.getVerifyMode());
			if (from.isStartTls()) {
				encrypted.startTls();
			}
		}
		return copy;
	}

	static LettuceConnectionFactory started(RedisConfiguration configuration, LettuceClientConfiguration client) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration, client);
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

}
