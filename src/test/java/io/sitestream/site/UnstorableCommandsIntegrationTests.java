package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.platform.RecordFormat;
import io.sitestream.site.InstalledApp.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * JSON can say what no text of PostgreSQL can hold: the character NUL.
 */
@SitestreamTest(modules = "site")
class UnstorableCommandsIntegrationTests {

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	RecordFormat format;

	final String site = "site-" + UUID.randomUUID();

	@Test
	void areDeadLettersAndHoldUpNobodyElse() {
		try (TopicProbe probe = new TopicProbe(this.kafka, this.prefix)) {
			probe.send("site-commands", this.site, command("nul-§", "n", null).replace("§", "\\u0000"));
			probe.send("site-commands", this.site, command("nul", "n", "i§").replace("§", "\\u0000"));
			probe.send("site-commands", this.site, command("good", "The site", null));
			probe.flush();

			ApiClient api = new ApiClient(this.port);
			await("the good one").atMost(Duration.ofSeconds(60))
				.until(() -> api.get("/api/sites/" + this.site).status() == 200);
			assertThat(api.get("/api/sites/" + this.site).json().at("/name").asString()).isEqualTo("The site");
			await("the letters").atMost(Duration.ofSeconds(60)).until(() -> letters(probe) == 2);
		}
	}

	private String command(String id, String name, @Nullable String instance) {
		SiteChange.Create create = new SiteChange.Create("ann", name, null, null, null,
				List.of(new SiteChange.PutApp("chat", instance, "1", Status.ENABLED)));
		return new String(this.format.write(new SiteCommand(this.site + id, this.site, null, null, create)),
				StandardCharsets.UTF_8);
	}

	private long letters(TopicProbe probe) {
		return probe.committed("site-commands.apply-site-commands.dlq")
			.stream()
			.filter((letter) -> new String(letter.key(), StandardCharsets.UTF_8).equals(this.site))
			.count();
	}

}
