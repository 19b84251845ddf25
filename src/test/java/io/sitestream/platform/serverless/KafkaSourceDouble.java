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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Sends records as a KafkaSource of Knative does: one to a request, in binary mode. What
 * has the headers of a CloudEvent is passed on as that event, with none of its other
 * headers and without its key; anything else is wrapped into an event of its own.
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
		Map<String, String> headers = (record.headers().lastHeader("ce_specversion") != null) ? passedOn(record)
				: wrapped(record);
		headers.put("ce-knativekafkatopic", record.topic());
		headers.put("ce-knativekafkapartition", Integer.toString(record.partition()));
		headers.put("ce-knativekafkaoffset", Long.toString(record.offset()));
		headers.put("Prefer", "reply");
		headers.put("Kn-Namespace", "default");
		return headers;
	}

	private static Map<String, String> passedOn(ConsumerRecord<byte[], byte[]> record) {
		Map<String, String> headers = new LinkedHashMap<>();
		for (Header header : record.headers()) {
			if (header.key().startsWith("ce_")) {
				headers.put("ce-" + header.key().substring(3), text(header.value()));
			}
			else if (header.key().equals("content-type")) {
				headers.put("content-type", text(header.value()));
			}
		}
		return headers;
	}

	private static Map<String, String> wrapped(ConsumerRecord<byte[], byte[]> record) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("ce-specversion", "1.0");
		headers.put("ce-id", "partition:%d/offset:%d".formatted(record.partition(), record.offset()));
		headers.put("ce-source", "/apis/v1/namespaces/default/kafkasources/double#" + record.topic());
		headers.put("ce-type", "dev.knative.kafka.event");
		headers.put("ce-subject", "partition:%d#%d".formatted(record.partition(), record.offset()));
		headers.put("ce-time", Instant.ofEpochMilli(record.timestamp()).toString());
		if (record.key() != null) {
			headers.put("ce-key", text(record.key()));
			headers.put("ce-partitionkey", text(record.key()));
		}
		record.headers()
			.forEach((header) -> headers.put(
					"ce-kafkaheader" + header.key().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""),
					text(header.value())));
		return headers;
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
