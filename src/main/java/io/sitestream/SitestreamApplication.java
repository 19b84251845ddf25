package io.sitestream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.modulith.Modulithic;

/**
 * One jar for every shape: which modules a process runs is said by
 * {@code sitestream.modules}.
 */
@Modulithic(systemName = "Sitestream")
@SpringBootApplication(proxyBeanMethods = false, exclude = UserDetailsServiceAutoConfiguration.class)
public class SitestreamApplication {

	public static void main(String[] args) {
		SpringApplication.run(SitestreamApplication.class, args);
	}

}
