package io.sitestream.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events of Kafka event sources, made of the examples in AWS's documentation: everything
 * stays as it is there but for the records, which are copies of the example's one, filled
 * in.
 */
public enum KafkaEventJson {

	/** From Amazon MSK, where a tombstone has no value. */
	MSK("msk.json") {

		@Override
		void tombstone(ObjectNode record) {
			record.remove("value");
		}

	},

	/** From another Kafka, where a tombstone's value is null. */
	SELF_MANAGED("self-managed.json") {

		@Override
		void tombstone(ObjectNode record) {
			record.putNull("value");
		}

	};

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final String example;

	KafkaEventJson(String file) {
		try (InputStream in = KafkaEventJson.class.getResourceAsStream(file)) {
			this.example = new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The event as it is documented.
	 * @return its JSON
	 */
	public String example() {
		return this.example;
	}

	/**
	 * An event with these records.
	 * @param records records of one or several partitions
	 * @return its JSON
	 */
	public byte[] of(List<ConsumerRecord<byte[], byte[]>> records) {
		ObjectNode event = (ObjectNode) MAPPER.readTree(this.example);
		ObjectNode documented = (ObjectNode) event.at("/records/mytopic-0/0");
		ObjectNode partitions = event.putObject("records");
		records.forEach((record) -> {
			String partition = record.topic() + "-" + record.partition();
			ArrayNode in = partitions.has(partition) ? (ArrayNode) partitions.get(partition)
					: partitions.putArray(partition);
			in.add(fill(documented.deepCopy(), record));
		});
		return MAPPER.writeValueAsBytes(event);
	}

	private ObjectNode fill(ObjectNode json, ConsumerRecord<byte[], byte[]> record) {
		json.put("topic", record.topic())
			.put("partition", record.partition())
			.put("offset", record.offset())
			.put("timestamp", record.timestamp())
			.put("key", record.key())
			.put("value", record.value());
		if (record.value() == null) {
			tombstone(json);
		}
		ArrayNode headers = json.putArray("headers");
		record.headers().forEach((header) -> {
			ArrayNode bytes = headers.addObject().putArray(header.key());
			for (byte each : header.value()) {
				bytes.add(each);
			}
		});
		return json;
	}

	abstract void tombstone(ObjectNode record);

}
