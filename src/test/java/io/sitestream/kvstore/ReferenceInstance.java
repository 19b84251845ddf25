package io.sitestream.kvstore;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamApplication;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One of several instances of the modules that use stores, in the place that its
 * properties name.
 *
 * @param context the running application
 */
public record ReferenceInstance(ConfigurableApplicationContext context) implements AutoCloseable {

	public static final Duration PATIENCE = Duration.ofSeconds(90);

	public static ReferenceInstance start(Map<String, String> place, String modules) {
		Map<String, String> all = new LinkedHashMap<>(place);
		all.put("sitestream.modules", modules);
		all.put("server.port", "0");
		return new ReferenceInstance(
				new SpringApplicationBuilder(SitestreamApplication.class).bannerMode(Banner.Mode.OFF)
					.run(all.entrySet().stream().map((entry) -> "--" + entry).toArray(String[]::new)));
	}

	public ReferenceInstance awaitReady() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(api().get("/actuator/health/readiness").status()).isEqualTo(200));
		return this;
	}

	public ApiClient api() {
		return new ApiClient(port());
	}

	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	public <T> T bean(String name, Class<T> type) {
		return this.context.getBean(name, type);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
