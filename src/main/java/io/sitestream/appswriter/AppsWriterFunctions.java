package io.sitestream.appswriter;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;
import io.sitestream.projection.Projections;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/**
 * The functions of this module.
 */
@Configuration(proxyBeanMethods = false)
class AppsWriterFunctions {

	/**
	 * Delivered at least once; an older or repeated record changes nothing.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> projectInstalledApps(Edge edge, Projections projections,
			InstalledAppsProjection projection) {
		return projections.writing(edge, projection);
	}

}
