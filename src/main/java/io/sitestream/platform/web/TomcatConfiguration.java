package io.sitestream.platform.web;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What Tomcat says by itself.
 */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

	/**
	 * Comes after Boot's own valve and is therefore asked before it.
	 */
	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemReports(JsonMapper mapper) {
		return (tomcat) -> tomcat.addContextCustomizers(
				(context) -> context.getParent().getPipeline().addValve(new ProblemReportValve(mapper)));
	}

}
