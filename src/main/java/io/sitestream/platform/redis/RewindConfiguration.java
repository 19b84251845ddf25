package io.sitestream.platform.redis;

import java.time.Clock;
import java.time.Duration;

import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.RedisPrimaries;
import io.sitestream.platform.RedisRewind;
import io.sitestream.platform.RedisRewinds;
import io.sitestream.platform.Server;
import io.sitestream.platform.modules.ConditionalOnServer;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

@Configuration(proxyBeanMethods = false)
@ConditionalOnServer(Server.REDIS)
@EnableConfigurationProperties(RewindProperties.class)
class RewindConfiguration {

	@Bean
	RedisRewinds redisRewinds(RedisConnectionFactory connections, RedisKeySpace space, RewindProperties properties,
			Clock clock) {
		return new RedisRewinds() {

			@Override
			public RedisRewind of(String function) {
				return of(function, properties.rewind());
			}

			@Override
			public RedisRewind of(String function, Duration whenEmpty) {
				RewindNotes notes = new RewindNotes(connections, RedisPrimaries.notesKey(space, function));
				return new NotedRewind(function, notes, properties.rewind(), whenEmpty, clock);
			}

		};
	}

}
