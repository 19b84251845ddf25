package io.sitestream.contactimporter;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files in the layouts that people's programs write. Beside each file stands what becomes
 * of it.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class FormatsIntegrationTests {

	static final JsonMapper MAPPER = JsonMapper.builder().build();

	@LocalServerPort
	int port;

	@ParameterizedTest
	@CsvSource({ "google-old.csv,      text/csv,                        US", //
			"google-new.csv,      text/csv,                        US", //
			"outlook.csv,         text/csv; charset=windows-1252,  DE", //
			"outlook-com.csv,     application/csv,                 ''", //
			"plain-utf16.csv,     text/csv,                        ''", //
			"plain-semicolon.csv, text/csv,                        ''", //
			"apple.vcf,           text/vcard,                      GB", //
			"android.vcf,         text/x-vcard,                    DE", //
			"vcard4.vcf,          text/vcard; charset=utf-8,       ''" })
	void understandsTheFile(String name, String type, String region) throws IOException {
		ImportClient client = new ImportClient(this.port);
		byte[] file = new ClassPathResource("formats/" + name, FormatsIntegrationTests.class).getContentAsByteArray();
		String parameters = region.isEmpty() ? "" : "&defaultRegion=" + region;

		String path = ImportClient.accepted(client.upload(BodyPublishers.ofByteArray(file), type, parameters));
		JsonNode done = client.awaitDone(path);

		String expected = new ClassPathResource("formats/" + name + ".json", FormatsIntegrationTests.class)
			.getContentAsString(StandardCharsets.UTF_8);
		assertThat(outcome(client, path, done)).isEqualTo(MAPPER.readTree(expected));
		JsonNode again = client
			.awaitDone(ImportClient.accepted(client.upload(BodyPublishers.ofByteArray(file), type, parameters)));
		assertThat(again.path("rows").path("unchanged")).as("imported again")
			.isEqualTo(done.path("rows").path("created"));
	}

	private static JsonNode outcome(ImportClient client, String path, JsonNode done) {
		ObjectNode outcome = MAPPER.createObjectNode();
		outcome.set("rows", done.path("rows"));
		ArrayNode rejected = outcome.putArray("rejected");
		client.get(path + "/rejections")
			.body()
			.lines()
			.skip(1)
			.map((line) -> line.substring(line.lastIndexOf(",", line.indexOf(": ")) + 1).replace("\"", ""))
			.forEach(rejected::add);
		List<JsonNode> contacts = ImportClient.json(client.get("/api/contacts"))
			.path("items")
			.valueStream()
			.map((contact) -> (JsonNode) ((ObjectNode) contact).without(List.of("contactId", "version")))
			.sorted(Comparator.comparing(JsonNode::toString))
			.toList();
		outcome.putArray("contacts").addAll(contacts);
		return outcome;
	}

}
