package io.sitestream.projection.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamApplication;
import io.sitestream.SitestreamTest;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.projection.ProjectionReader;
import io.sitestream.projection.StoredView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A second projection of the same topic, made of a class, a bean and a binding, and the
 * page of the README about it.
 */
@SitestreamTest(modules = { "site", "appswriter" },
		classes = { SitestreamApplication.class, SiteDirectoryFunctions.class },
		properties = { "spring.cloud.function.definition=applySiteCommands;settleSiteCommands;projectSiteDirectory",
				"spring.cloud.stream.bindings.projectSiteDirectory-in-0.destination=${sitestream.topics.prefix:}site-metadata",
				"spring.cloud.stream.bindings.projectSiteDirectory-in-0.group=${sitestream.topics.prefix:}project-site-directory" })
class SiteDirectoryIntegrationTests {

	private static final String[] PATIENT = { "Prefer", "wait=30" };

	@Autowired
	ProjectionReader siteDirectory;

	@LocalServerPort
	int port;

	@Test
	void findsSitesByOwnerAndByDomainWithTheTokensOfTheirWrites() {
		ApiClient api = new ApiClient(this.port);
		String body = "{\"siteId\":\"%s\",\"ownerId\":\"%s\",\"name\":\"A\",\"domain\":\"%s\"}";
		List<ConsistencyToken> tokens = Stream
			.of(body.formatted("one", "ann", "one.example"), body.formatted("two", "ann", "two.example"),
					body.formatted("three", "bob", "three.example"))
			.map((site) -> token(api.post("/api/sites", site, PATIENT)))
			.toList();

		assertThat(keys(tokens, "owner/ann")).containsExactly("one", "two");
		assertThat(keys(tokens, "domain/three.example")).containsExactly("three");
		StoredView one = read(tokens, "one");
		assertThat(new String(one.body(), UTF_8))
			.isEqualTo("{\"siteId\":\"one\",\"ownerId\":\"ann\",\"domain\":\"one.example\"}");

		List<ConsistencyToken> moved = List.of(token(
				api.put("/api/sites/one", "{\"ownerId\":\"bob\",\"name\":\"A\",\"domain\":\"uno.example\"}", PATIENT)));
		assertThat(keys(moved, "owner/ann")).containsExactly("two");
		assertThat(keys(moved, "owner/bob")).containsExactly("one", "three");
		assertThat(keys(moved, "domain/one.example")).isEmpty();
		List<ConsistencyToken> gone = List.of(token(api.delete("/api/sites/three", PATIENT)));
		assertThat(keys(gone, "owner/bob")).containsExactly("one");
	}

	@ParameterizedTest
	@CsvSource({ "SiteDirectory,projection", "SiteDirectoryFunctions,beans" })
	void isWhatTheReadmeShows(String type, String tag) throws IOException {
		String source = Files.readString(Path.of("src/test/java/io/sitestream/projection/example/" + type + ".java"));
		String shown = source
			.substring(source.indexOf("// tag::" + tag + "[]\n"), source.indexOf("// end::" + tag + "[]"))
			.lines()
			.skip(1)
			.filter((line) -> !line.isBlank())
			.collect(Collectors.joining("\n"))
			.stripIndent();

		assertThat(Files.readString(Path.of("README.md")).replaceAll("\n\\s*\n", "\n")).contains(shown);
	}

	private List<String> keys(List<ConsistencyToken> tokens, String indexKey) {
		return this.siteDirectory.read(tokens, Duration.ofSeconds(60), (reading) -> reading.page(indexKey, "", 100))
			.keys();
	}

	private StoredView read(List<ConsistencyToken> tokens, String siteId) {
		return this.siteDirectory.read(tokens, Duration.ofSeconds(60), (reading) -> reading.find(siteId)).orElseThrow();
	}

	private static ConsistencyToken token(Answer written) {
		assertThat(written.status()).as(written.body()).isLessThan(300);
		return ConsistencyToken.parse(written.header("Consistency-Token").orElseThrow(), Set.of("sites"), Instant.now())
			.getFirst();
	}

}
