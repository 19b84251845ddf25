package io.sitestream.appswriter;

import java.util.Optional;

import io.sitestream.platform.RecordFormat;
import io.sitestream.projection.Projection;
import io.sitestream.site.SiteMetadata;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * The version of the application to come: the view of a site has one property more.
 */
@TestConfiguration(proxyBeanMethods = false)
class NewerFormat {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@Bean
	@Primary
	InstalledAppsProjection newerInstalledApps(RecordFormat format) {
		InstalledAppsProjection before = new InstalledAppsProjection(format);
		return new InstalledAppsProjection(format) {
			@Override
			public int format() {
				return 2;
			}

			@Override
			public Optional<Projection<SiteMetadata>> predecessor() {
				return Optional.of(before);
			}

			@Override
			public byte[] view(SiteMetadata site) {
				ObjectNode view = (ObjectNode) JSON.readTree(super.view(site));
				return JSON.writeValueAsBytes(view.put("appCount", site.apps().size()));
			}

			@Override
			public byte[] shared(byte[] view) {
				ObjectNode known = (ObjectNode) JSON.readTree(view);
				known.remove("appCount");
				return JSON.writeValueAsBytes(known);
			}
		};
	}

}
