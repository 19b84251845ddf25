package io.sitestream.platform.serverless;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.rw.CloudEventRWException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends records as a KafkaSource of Knative does, with the same SDK: one to a request, in
 * binary mode. What has the headers of a CloudEvent is passed on as that event, with none
 * of its other headers and without its key; anything else is wrapped into an event of its
 * own.
 *
 * @see <a href=
 * "https://github.com/knative-extensions/eventing-kafka-broker/tree/main/data-plane/dispatcher">its
 * dispatcher: CloudEventDeserializer, InvalidCloudEventInterceptor,
 * CloudEventOverridesMutator</a>
 */
final class KafkaSourceDouble {

	private final HttpClient client = HttpClient.newHttpClient();

	private final URI sink;

	KafkaSourceDouble(int port, String path) {
		this.sink = URI.create("http://127.0.0.1:" + port + path);
	}

	HttpResponse<String> send(ConsumerRecord<byte[], byte[]> record) {
		return post(headers(record), record.value());
	}

	HttpResponse<String> post(Map<String, String> headers, byte[] body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.sink)
			.timeout(Duration.ofSeconds(120))
			.POST((body != null) ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody());
		headers.forEach(request::header);
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The headers of the request for a record.
	 * @param record the record
	 * @return the event's attributes as headers
	 */
	static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
		CloudEvent event = event(record).withExtension("knativekafkatopic", record.topic())
			.withExtension("knativekafkapartition", record.partition())
			.withExtension("knativekafkaoffset", record.offset())
			.build();
		Map<String, String> headers = new LinkedHashMap<>(Map.of("Prefer", "reply", "Kn-Namespace", "default"));
		HttpMessageFactory.createWriter(headers::put, (body) -> {
		}).writeBinary(event);
		return headers;
	}

	/**
	 * The same event as a JSON document, which the SDK has no Jackson 3 for.
	 * @param record a record that is no tombstone
	 * @param encoded whether its value is in base64
	 * @return the document
	 */
	static ObjectNode document(ConsumerRecord<byte[], byte[]> record, boolean encoded) {
		ObjectNode document = JsonNodeFactory.instance.objectNode();
		headers(record).forEach((name, value) -> {
			if (name.startsWith("ce-")) {
				document.put(name.substring(3), value);
			}
		});
		return encoded ? document.put("data_base64", Base64.getEncoder().encodeToString(record.value()))
				: document.set("data", JsonMapper.shared().readTree(record.value()));
	}

	private static CloudEventBuilder event(ConsumerRecord<byte[], byte[]> record) {
		try {
			return CloudEventBuilder
				.from(new CloudEventDeserializer().deserialize(record.topic(), record.headers(), record.value()));
		}
		catch (CloudEventRWException ex) {
			return wrapped(record);
		}
	}

	private static CloudEventBuilder wrapped(ConsumerRecord<byte[], byte[]> record) {
		CloudEventBuilder event = CloudEventBuilder.v1()
			.withId("partition:%d/offset:%d".formatted(record.partition(), record.offset()))
			.withSource(URI.create("/apis/v1/namespaces/default/kafkasources/double#" + record.topic()))
			.withType("dev.knative.kafka.event")
			.withSubject("partition:%d#%d".formatted(record.partition(), record.offset()))
			.withTime(Instant.ofEpochMilli(record.timestamp()).atOffset(ZoneOffset.UTC));
		if (record.key() != null) {
			event.withExtension("partitionkey", text(record.key())).withExtension("key", text(record.key()));
		}
		record.headers()
			.forEach((header) -> event.withExtension(
					"kafkaheader" + header.key().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""),
					text(header.value())));
		return (record.value() != null) ? event.withData(record.value()) : event;
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
