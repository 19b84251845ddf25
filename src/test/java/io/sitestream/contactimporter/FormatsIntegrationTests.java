package io.sitestream.contactimporter;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Comparator;
import java.util.List;

import io.sitestream.SitestreamTest;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.web.server.LocalServerPort;

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
	@MethodSource("io.sitestream.contactimporter.ContactFileLayout#all")
	void understandsTheFile(ContactFileLayout layout) throws IOException {
		ImportClient client = new ImportClient(this.port);

		String path = upload(client, layout);
		JsonNode done = client.awaitDone(path);

		assertThat(outcome(client, path, done)).isEqualTo(MAPPER.readTree(layout.expected()));
		assertThat(client.awaitDone(upload(client, layout)).path("rows").path("unchanged")).as("imported again")
			.isEqualTo(done.path("rows").path("created"));
	}

	private static String upload(ImportClient client, ContactFileLayout layout) throws IOException {
		return ImportClient.accepted(client.upload(BodyPublishers.ofByteArray(layout.open().readAllBytes()),
				layout.type(), layout.parameters()));
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
