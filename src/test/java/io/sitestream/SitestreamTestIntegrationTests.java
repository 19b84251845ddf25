package io.sitestream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "appsreader", properties = "sitestream.topics.prefix=mine-")
class SitestreamTestIntegrationTests {

	@Autowired
	Environment environment;

	@Test
	void namesOnlyTheServersThatTheModulesNeed() {
		assertThat(this.environment.getProperty("spring.data.redis.port", Integer.class))
			.isEqualTo(TestServers.redis().port());
		assertThat(this.environment.getProperty("spring.kafka.bootstrap-servers")).isNull();
		assertThat(this.environment.getProperty("spring.datasource.url")).isNull();
	}

	@Test
	void letsATestOverrideWhatTheSpaceSays() {
		assertThat(this.environment.getProperty("sitestream.topics.prefix")).isEqualTo("mine-");
		assertThat(this.environment.getProperty("sitestream.redis.prefix")).matches("t[0-9a-f]{10}:");
		assertThat(this.environment.getProperty("sitestream.security.mode")).isEqualTo("open");
		assertThat(this.environment.getProperty("local.server.port", Integer.class)).isPositive();
	}

}
