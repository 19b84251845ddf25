package io.sitestream.site;

import io.sitestream.platform.Emitter;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Chooses the write path.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SiteProperties.class)
class SiteConfiguration {

	@Bean
	CommandRoute commandRoute(SiteProperties properties, Emitter emitter, SiteCommandWaiters waiters,
			SiteCommands commands) {
		return switch (properties.writePath()) {
			case CONSUMER -> new LogRoute(emitter, waiters);
			case CDC -> new DatabaseRoute(commands);
		};
	}

}
