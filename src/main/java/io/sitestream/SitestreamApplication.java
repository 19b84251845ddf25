package io.sitestream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.data.redis.autoconfigure.observation.LettuceObservationAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.modulith.Modulithic;

/**
 * One jar for every shape: which modules a process runs is said by
 * {@code sitestream.modules}.
 * <p>
 * Commands to Redis are not observed one by one: a poll of 5,000 records is tens of
 * thousands of them, and an observation costs Lettuce's one thread more than the command.
 */
@Modulithic(systemName = "Sitestream")
@SpringBootApplication(proxyBeanMethods = false,
		exclude = { UserDetailsServiceAutoConfiguration.class, LettuceObservationAutoConfiguration.class })
public class SitestreamApplication {

	public static void main(String[] args) {
		SpringApplication.run(SitestreamApplication.class, args);
	}

}
