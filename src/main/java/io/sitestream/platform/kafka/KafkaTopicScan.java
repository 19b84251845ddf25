package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.TopicScan;
import io.sitestream.platform.UnprocessableRecordException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scan with a consumer of its own.
 *
 * @param <T> the type of the values
 */
final class KafkaTopicScan<T> implements TopicScan<T> {

	private static final Logger log = LoggerFactory.getLogger(KafkaTopicScan.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final KafkaConsumer<byte[], byte[]> consumer;

	private final RecordReader<T> reader;

	private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();

	private long unreadable;

	KafkaTopicScan(KafkaConsumer<byte[], byte[]> consumer, RecordReader<T> reader) {
		this.consumer = consumer;
		this.reader = reader;
	}

	@Override
	public List<Consumed<T>> poll(Duration timeout) {
		List<Consumed<T>> records = new ArrayList<>();
		for (ConsumerRecord<byte[], byte[]> record : this.consumer.poll(timeout)) {
			RawRecord raw = RawRecordConverter.raw(record);
			try {
				records.add(this.reader.read(raw));
			}
			catch (UnprocessableRecordException ex) {
				this.unreadable++;
				log.debug("{} is left out", raw.position(), ex);
			}
		}
		return records;
	}

	@Override
	public void commit() {
		Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
		for (TopicPartition partition : this.consumer.assignment()) {
			positions.put(partition, new OffsetAndMetadata(this.consumer.position(partition)));
		}
		if (positions.isEmpty() || positions.equals(this.committed)) {
			return;
		}
		try {
			this.consumer.commitSync(positions);
			this.committed = positions;
		}
		catch (CommitFailedException | RebalanceInProgressException ex) {
			log.debug("Partitions go to another reader, who begins at its last commit", ex);
		}
	}

	@Override
	public long unreadable() {
		return this.unreadable;
	}

	@Override
	public void close() {
		this.consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(PATIENCE));
	}

}
