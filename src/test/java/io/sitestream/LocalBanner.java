package io.sitestream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.sitestream.platform.ModuleSelection;

import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Says where everything is and what to try first.
 */
final class LocalBanner {

	private LocalBanner() {
	}

	static String of(ApplicationContext context) {
		Environment environment = context.getEnvironment();
		String postgres = environment.getRequiredProperty("spring.datasource.url")
			.replaceAll("jdbc:postgresql://(.+)/.+", "$1");
		String http = "http://127.0.0.1:" + environment.getProperty("local.server.port");
		return """

				Sitestream is up: %s
				  HTTP        %s
				  Kafka       %s
				  Redis       127.0.0.1:%s
				  PostgreSQL  %s  (database and user %s, no password)

				Try:
				%s
				""".formatted(String.join(", ", context.getBean(ModuleSelection.class).modules()), http,
				environment.getProperty("spring.kafka.bootstrap-servers"),
				environment.getProperty("spring.data.redis.port"), postgres,
				environment.getProperty("spring.datasource.username"),
				lines(context.getBean(ModuleSelection.class), http));
	}

	private static String lines(ModuleSelection selection, String http) {
		Map<String, String> lines = new LinkedHashMap<>();
		lines.put("site",
				"curl -i %s/api/sites --json '{\"siteId\":\"bakery\",\"ownerId\":\"ada\",\"name\":\"Bakery\",\"apps\":[{\"appId\":\"shop\",\"version\":\"1.0\"}]}'");
		lines.put("appsreader", "curl -i %s/api/installed-apps/by-app/shop");
		lines.put("contactjobs",
				"printf 'name,email\\nAda,ada@example.org\\n' | curl -i '%s/api/contact-imports?channelId=my-first-channel' -H 'Content-Type: text/csv' --data-binary @-");
		lines.put("business", "curl -i -X PUT %s/api/countries/SS --json '{\"name\":\"South Sudan\"}'");
		lines.put("ticketing", "curl -i '%s/api/ticketing/time-zones/Africa/Juba'");
		return lines.entrySet()
			.stream()
			.filter((line) -> selection.includes(line.getKey()))
			.map((line) -> "  " + line.getValue().formatted(http))
			.collect(Collectors.joining("\n"));
	}

}
