package io.sitestream.journeys;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One trace follows a request through every function to its end.
 */
@SitestreamTest
class TraceIntegrationTests {

	static final String FIRST = "4bf92f3577b34da6a3ce929d0e0e4736";

	static final String SECOND = "0af7651916cd43dd8448eb211c80319c";

	@Autowired
	InMemorySpanExporter exporter;

	@LocalServerPort
	int port;

	@Value("${spring.kafka.bootstrap-servers}")
	String kafka;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	ImportClient client;

	@BeforeEach
	void connect() {
		this.client = new ImportClient(this.port);
	}

	@Test
	void followsAnImportFromTheRequestToTheLastFrame() throws Exception {
		String csv = "name,email\n" + IntStream.range(0, 3_000)
			.mapToObj((i) -> "Ada %d,traced%d@example.org\n".formatted(i, i))
			.collect(Collectors.joining());

		List<StompTestFrame> frames;
		try (StompTestClient browser = StompTestClient.connect(this.port, this.client.account())
			.subscribe(this.client.channelId())) {
			upload(csv, parent(FIRST, "01"));
			frames = await().atMost(Duration.ofSeconds(60))
				.until(browser::messages,
						(seen) -> !seen.isEmpty() && seen.getLast().type().equals("contact-import.completed"));
		}

		assertThat(frames).extracting((frame) -> frame.header("traceparent"))
			.allSatisfy((header) -> assertThat(header).matches("00-" + FIRST + "-[0-9a-f]{16}-01"));
		for (String topic : List.of("contact-import-batches", "contact-import-events", "contact-imports",
				"notifications")) {
			assertThat(traces(topic)).as(topic).contains(FIRST);
		}
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(spans(FIRST)).extracting(SpanData::getName)
				.contains("http post /api/contact-imports", "importContacts process", "trackContactImports process",
						"pushNotifications process"));
		List<SpanData> spans = spans(FIRST);
		assertThat(spans).filteredOn((span) -> span.getName().equals("importContacts process")).hasSize(3);
		assertThat(spans).filteredOn((span) -> span.getKind() == SpanKind.CONSUMER)
			.allSatisfy((span) -> assertThat(spans).extracting(SpanData::getSpanId).contains(span.getParentSpanId()));
	}

	@Test
	void keepsTracesApartThatMeetInOnePoll() {
		ApiClient api = new ApiClient(this.port);
		String body = "{\"siteId\":\"%s\",\"ownerId\":\"ada\",\"name\":\"Traced\"}";
		List.of("traced-1", "traced-2")
			.parallelStream()
			.forEach((site) -> assertThat(api
				.post("/api/sites", body.formatted(site), "traceparent",
						parent(site.endsWith("1") ? FIRST : SECOND, "01"))
				.status()).isEqualTo(201));
		assertThat(api.post("/api/sites", body.formatted("untraced")).status()).isEqualTo(201);
		assertThat(api.post("/api/sites", body.formatted("unsampled"), "traceparent", parent(SECOND, "00")).status())
			.isEqualTo(201);
		assertThat(api.post("/api/sites", body.formatted("malformed"), "traceparent", "00-none-none-01").status())
			.isEqualTo(201);

		try (TopicProbe probe = new TopicProbe(this.kafka, this.prefix)) {
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				List<ConsumerRecord<byte[], byte[]>> sites = probe.committed("site-metadata");
				assertThat(trace(sites, "traced-1")).isEqualTo(FIRST);
				assertThat(trace(sites, "traced-2")).isEqualTo(SECOND);
				assertThat(trace(sites, "untraced")).isEmpty();
				assertThat(trace(sites, "unsampled")).isEmpty();
				assertThat(trace(sites, "malformed")).isEmpty();
			});
		}
	}

	private void upload(String csv, String parent) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%d/api/contact-imports?channelId=%s".formatted(this.port,
					this.client.channelId())))
			.headers("Content-Type", "text/csv", "Account-Id", this.client.account(), "traceparent", parent)
			.POST(HttpRequest.BodyPublishers.ofString(csv))
			.build();
		try (HttpClient http = HttpClient.newHttpClient()) {
			ImportClient.accepted(http.send(request, HttpResponse.BodyHandlers.ofString()));
		}
	}

	private List<String> traces(String topic) {
		try (TopicProbe probe = new TopicProbe(this.kafka, this.prefix)) {
			return probe.committed(topic).stream().map(TraceIntegrationTests::trace).toList();
		}
	}

	private static String trace(List<ConsumerRecord<byte[], byte[]>> records, String key) {
		return records.stream()
			.filter((record) -> new String(record.key()).equals(key))
			.findFirst()
			.map(TraceIntegrationTests::trace)
			.orElseThrow(() -> new AssertionError("No record with key " + key));
	}

	private static String trace(ConsumerRecord<byte[], byte[]> record) {
		var header = record.headers().lastHeader("traceparent");
		return (header != null) ? new String(header.value()).split("-")[1] : "";
	}

	private List<SpanData> spans(String trace) {
		return this.exporter.getFinishedSpanItems().stream().filter((span) -> span.getTraceId().equals(trace)).toList();
	}

	private static String parent(String trace, String flags) {
		return "00-" + trace + "-00f067aa0ba902b7-" + flags;
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Exporting {

		@Bean
		InMemorySpanExporter spanExporter() {
			return InMemorySpanExporter.create();
		}

	}

}
