package io.sitestream.site;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.site.SiteTopics.SITE_COMMANDS;
import static io.sitestream.site.SiteTopics.SITE_COMMAND_OUTCOMES;
import static io.sitestream.site.SiteTopics.SITE_METADATA;

/**
 * The functions of this module.
 */
@Configuration(proxyBeanMethods = false)
class SiteFunctions {

	/**
	 * Delivered at least once; what was carried out already is not done again, and told
	 * again unless it is known to be told.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> applySiteCommands(Edge edge, SiteCommands commands,
			PublishedCommands published) {
		return edge.from(SITE_COMMANDS)
			.to(SITE_METADATA, SITE_COMMAND_OUTCOMES)
			.partitions(published)
			.emitting(commands::on);
	}

	/**
	 * Every instance hears all outcomes from now on; one that nobody waits for is passed
	 * over.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> settleSiteCommands(Edge edge, SiteCommandWaiters waiters) {
		return edge.from(SITE_COMMAND_OUTCOMES).batch(waiters::on);
	}

}
