package io.sitestream.notification;

import java.util.LinkedHashMap;
import java.util.Map;

import io.sitestream.SitestreamApplication;
import io.sitestream.TestSpace;
import io.sitestream.platform.Emitter;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One of several instances of the module in a space.
 *
 * @param context the running application
 */
record Instance(ConfigurableApplicationContext context) implements AutoCloseable {

	/**
	 * Starts an instance.
	 * @param space where it lives
	 * @param properties in the form {@code name=value}; they win over those of the space
	 * @return the running instance
	 */
	static Instance in(TestSpace space, String... properties) {
		Map<String, String> all = new LinkedHashMap<>(space.properties());
		all.put("sitestream.modules", "notification");
		all.put("server.port", "0");
		for (String property : properties) {
			all.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		return new Instance(new SpringApplicationBuilder(SitestreamApplication.class).bannerMode(Banner.Mode.OFF)
			.run(all.entrySet().stream().map((entry) -> "--" + entry).toArray(String[]::new)));
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	Emitter emitter() {
		return this.context.getBean(Emitter.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
