package io.sitestream.projection.example;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;
import io.sitestream.projection.ProjectionReader;
import io.sitestream.projection.Projections;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

/**
 * The function that writes the directory, and who reads it.
 */
@TestConfiguration(proxyBeanMethods = false)
class SiteDirectoryFunctions {

	// tag::beans[]
	@Bean
	Consumer<Message<List<RawRecord>>> projectSiteDirectory(Edge edge, Projections projections) {
		return projections.writing(edge, new SiteDirectory());
	}

	@Bean
	ProjectionReader siteDirectory(Projections projections) {
		return projections.reader("site-directory", 6);
	}
	// end::beans[]

}
