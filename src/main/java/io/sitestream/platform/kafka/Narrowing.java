package io.sitestream.platform.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Searches a batch for the record whose emission a topic refuses. A transaction says only
 * that one of all was refused: so the polls of a consumer become smaller by half each
 * time that happens, until that record is alone, and larger again with each that goes
 * well. One of 5,000 is found in a dozen tries. Used by the consumer's thread alone.
 */
final class Narrowing {

	private static final int ALL = Integer.MAX_VALUE;

	private int most = ALL;

	private boolean narrowed;

	/**
	 * A topic has refused what became of a batch.
	 * @param records how many there were
	 * @return whether fewer come now; else it is this one
	 */
	boolean narrow(int records) {
		this.most = Math.max(1, records / 2);
		this.narrowed = true;
		return records > 1;
	}

	/**
	 * Leaves no more records than are to come at once. The consumer goes back to what is
	 * left out.
	 * @param polled what was polled
	 * @param consumer the consumer, on whose thread this is called
	 * @param <K> the type of keys
	 * @param <V> the type of values
	 * @return what may be processed now
	 */
	<K, V> ConsumerRecords<K, V> admit(ConsumerRecords<K, V> polled, Consumer<?, ?> consumer) {
		if (this.most == ALL || polled.isEmpty()) {
			return polled;
		}
		if (!this.narrowed) {
			// the batch before went well
			this.most = (polled.count() <= this.most) ? ALL : 2 * this.most;
		}
		this.narrowed = false;
		return (polled.count() <= this.most) ? polled : first(this.most, polled, consumer);
	}

	private static <K, V> ConsumerRecords<K, V> first(int count, ConsumerRecords<K, V> polled,
			Consumer<?, ?> consumer) {
		Map<TopicPartition, List<ConsumerRecord<K, V>>> admitted = new HashMap<>();
		int room = count;
		for (TopicPartition partition : polled.partitions()) {
			List<ConsumerRecord<K, V>> records = polled.records(partition);
			int taken = Math.min(room, records.size());
			if (taken > 0) {
				admitted.put(partition, records.subList(0, taken));
			}
			if (taken < records.size()) {
				consumer.seek(partition, records.get(taken).offset());
			}
			room -= taken;
		}
		return StalledPartitions.records(admitted);
	}

}
