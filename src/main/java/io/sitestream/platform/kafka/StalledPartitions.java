package io.sitestream.platform.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.kafka.DeadLettersRefusedException.Refusal;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a function that are stalled at a record which can be neither
 * processed nor kept. A poll ends before that record, so everything else is processed and
 * committed as ever. With a back-off of up to 30 s, or four times what a try took, the
 * record comes again in a poll of its own, until its dead letter is taken or it is gone;
 * between two of these is one of all other records. A partition that goes to another
 * owner is forgotten here, and the owner tries the record again.
 */
final class StalledPartitions {

	private static final Logger log = LoggerFactory.getLogger(StalledPartitions.class);

	private final Map<TopicPartition, Stall> stalls = new ConcurrentHashMap<>();

	// each consumer polls, processes and fails on a thread of its own
	private final ThreadLocal<Narrowing> narrowing = ThreadLocal.withInitial(Narrowing::new);

	private final ThreadLocal<Turns> turns = ThreadLocal.withInitial(Turns::new);

	/**
	 * Stalls partitions at records.
	 * @param function the function
	 * @param refusals the records; of a partition the first one counts
	 * @return how many partitions are stalled that were not before
	 */
	int stall(String function, List<Refusal> refusals) {
		Map<TopicPartition, Refusal> first = new HashMap<>();
		refusals.forEach((refusal) -> first.merge(partition(refusal.position()), refusal,
				(one, other) -> (other.position().offset() < one.position().offset()) ? other : one));
		int more = 0;
		for (Map.Entry<TopicPartition, Refusal> entry : first.entrySet()) {
			Refusal refusal = entry.getValue();
			Stall before = this.stalls.get(entry.getKey());
			boolean isSame = before != null && before.refusal().position().equals(refusal.position());
			this.stalls.put(entry.getKey(), isSame ? before.again(refusal) : Stall.at(refusal));
			if (!isSame || !before.refusal().cause().equals(refusal.cause())) {
				log.error(
						"{} is stalled at {} ({} bytes): '{}' does not take what becomes of it. {} Later records of that partition wait, all others are processed.",
						function, refusal.position(), refusal.size(), refusal.topic(), refusal.cause());
			}
			more += isSame ? 0 : 1;
		}
		return more;
	}

	/**
	 * A topic has refused what became of some records: fewer come now, or their partition
	 * is stalled when there was but one. Called on the thread of the consumer that polled
	 * them; other consumers of the function go on with whole batches.
	 * @param function the function
	 * @param records how many there were
	 * @param first the first one, and why
	 * @return how many partitions are stalled that were not before
	 */
	int search(String function, int records, Refusal first) {
		Stall known = this.stalls.get(partition(first.position()));
		boolean again = records == 1 && known != null && known.refusal().position().equals(first.position());
		return (!again && this.narrowing.get().narrow(records)) ? 0 : stall(function, List.of(first));
	}

	/**
	 * Ends the stall of partitions of which more than their record is committed.
	 * @param function the function
	 * @param positions up to where all is committed
	 */
	void passed(String function, Map<TopicPartition, Long> positions) {
		this.stalls.forEach((partition, stall) -> {
			if (positions.getOrDefault(partition, 0L) > stall.offset() && this.stalls.remove(partition, stall)) {
				log.info("{} is no longer stalled at {}.", function, stall.refusal().position());
			}
		});
	}

	/**
	 * Ends the stall of partitions whose record was processed or kept.
	 * @param function the function
	 * @param records what was processed or kept
	 */
	void resolved(String function, List<RawRecord> records) {
		if (!this.stalls.isEmpty()) {
			records.forEach((record) -> {
				Stall stall = this.stalls.get(partition(record.position()));
				if (stall != null && stall.refusal().position().equals(record.position())
						&& this.stalls.remove(partition(record.position()), stall)) {
					log.info("{} is no longer stalled at {}.", function, record.position());
				}
			});
		}
	}

	/**
	 * Forgets partitions that were just assigned or revoked. Those that their consumer
	 * has paused and still owns are resumed before its next poll.
	 * @param partitions the partitions
	 */
	void forget(Collection<TopicPartition> partitions) {
		this.stalls.keySet().removeAll(Set.copyOf(partitions));
	}

	boolean has(TopicPartition partition) {
		return this.stalls.containsKey(partition);
	}

	int count() {
		return this.stalls.size();
	}

	/**
	 * The records at which partitions are stalled.
	 * @return one for each partition
	 */
	List<Refusal> all() {
		return this.stalls.values().stream().map(Stall::refusal).toList();
	}

	/**
	 * Resumes partitions whose record is to be tried again, unless it is the turn of all
	 * others, and those that are no longer stalled.
	 * @param consumer the consumer, on whose thread this is called, before a poll
	 * @param isHeld whether the container wants a partition to be paused
	 */
	void resumeDue(Consumer<?, ?> consumer, Predicate<TopicPartition> isHeld) {
		Turns turn = this.turns.get();
		TopicPartition tried = turn.end();
		if (tried != null) {
			this.stalls.computeIfPresent(tried, (partition, stall) -> stall.ended(turn.took()));
		}
		Set<TopicPartition> own = turn.paused();
		if (!own.isEmpty()) {
			own.retainAll(consumer.paused());
			Set<TopicPartition> back = own.stream()
				.filter((partition) -> !has(partition) || (!turn.isOthers() && isDue(partition)))
				.filter(isHeld.negate())
				.collect(Collectors.toSet());
			consumer.resume(back);
			own.removeAll(back);
		}
	}

	/**
	 * Ends a poll before the records at which partitions are stalled, or leaves only one
	 * of these when it is to be tried again and the others had their turn since the last
	 * try. The consumer goes back to what is left out.
	 * @param polled what was polled
	 * @param consumer the consumer, on whose thread this is called
	 * @param <K> the type of keys
	 * @param <V> the type of values
	 * @return what is to be processed now
	 */
	<K, V> ConsumerRecords<K, V> admit(ConsumerRecords<K, V> polled, Consumer<?, ?> consumer) {
		return unstalled(this.narrowing.get().admit(polled, consumer), consumer);
	}

	private <K, V> ConsumerRecords<K, V> unstalled(ConsumerRecords<K, V> polled, Consumer<?, ?> consumer) {
		Turns turn = this.turns.get();
		if (this.stalls.isEmpty() || polled.isEmpty()) {
			turn.othersHadTheirs();
			return polled;
		}
		return turn.isOthers() ? others(polled, consumer, turn) : due(polled, consumer, turn);
	}

	private <K, V> ConsumerRecords<K, V> due(ConsumerRecords<K, V> polled, Consumer<?, ?> consumer, Turns turn) {
		for (TopicPartition partition : polled.partitions()) {
			Stall stall = this.stalls.get(partition);
			ConsumerRecord<K, V> first = polled.records(partition).getFirst();
			if (stall != null && first.offset() == stall.offset() && isDue(partition)) {
				this.stalls.replace(partition, stall, stall.tried());
				turn.begin(partition);
				return alone(first, polled, consumer);
			}
		}
		return others(polled, consumer, turn);
	}

	private <K, V> ConsumerRecords<K, V> others(ConsumerRecords<K, V> polled, Consumer<?, ?> consumer, Turns turn) {
		Map<TopicPartition, List<ConsumerRecord<K, V>>> admitted = new HashMap<>();
		polled.partitions().forEach((partition) -> {
			List<ConsumerRecord<K, V>> records = before(partition, polled.records(partition), consumer);
			if (!records.isEmpty()) {
				admitted.put(partition, records);
			}
		});
		if (!admitted.isEmpty()) {
			turn.othersHadTheirs();
		}
		return records(admitted);
	}

	private <K, V> List<ConsumerRecord<K, V>> before(TopicPartition partition, List<ConsumerRecord<K, V>> records,
			Consumer<?, ?> consumer) {
		Stall stall = this.stalls.get(partition);
		if (stall == null || records.getLast().offset() < stall.offset()) {
			return records;
		}
		if (stall.underWay() && records.getFirst().offset() > stall.offset()) {
			// it went through, which is said when it is committed
			return records;
		}
		if (records.stream().noneMatch((record) -> record.offset() == stall.offset())) {
			// retention or an operator has taken it away
			this.stalls.remove(partition, stall);
			log.warn("The record at {} is gone: its partition is no longer stalled.", stall.refusal().position());
			return records;
		}
		consumer.seek(partition, stall.offset());
		consumer.pause(Set.of(partition));
		this.turns.get().paused().add(partition);
		return records.stream().filter((record) -> record.offset() < stall.offset()).toList();
	}

	private static <K, V> ConsumerRecords<K, V> alone(ConsumerRecord<K, V> record, ConsumerRecords<K, V> polled,
			Consumer<?, ?> consumer) {
		TopicPartition own = new TopicPartition(record.topic(), record.partition());
		polled.partitions()
			.forEach((partition) -> consumer.seek(partition, polled.records(partition).getFirst().offset()));
		consumer.seek(own, record.offset() + 1);
		return records(Map.of(own, List.of(record)));
	}

	static <K, V> ConsumerRecords<K, V> records(Map<TopicPartition, List<ConsumerRecord<K, V>>> admitted) {
		Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
		admitted.forEach((partition, records) -> next.put(partition,
				new OffsetAndMetadata(records.getLast().offset() + 1, records.getLast().leaderEpoch(), "")));
		return new ConsumerRecords<>(admitted, next);
	}

	private boolean isDue(TopicPartition partition) {
		Stall stall = this.stalls.get(partition);
		return stall != null && stall.isDue();
	}

	private static TopicPartition partition(Position position) {
		return new TopicPartition(position.topic(), position.partition());
	}

}
