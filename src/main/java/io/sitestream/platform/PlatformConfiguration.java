package io.sitestream.platform;

import java.time.Clock;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What every shape has, whatever its modules.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ TopicProperties.class, RedisKeySpace.class, ServingProperties.class })
class PlatformConfiguration {

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

}
