package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.sitestream.platform.Position;
import io.sitestream.platform.kafka.DeadLettersRefusedException.Refusal;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StalledPartitionsUnitTests {

	private static final TopicPartition ONE = new TopicPartition("words", 0);

	private static final TopicPartition TWO = new TopicPartition("words", 1);

	private static final TopicPartition FREE = new TopicPartition("words", 2);

	private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest");

	private final StalledPartitions stalls = new StalledPartitions();

	private final Set<TopicPartition> held = new HashSet<>();

	@BeforeEach
	void assign() {
		this.consumer.assign(List.of(ONE, TWO, FREE));
		this.consumer.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L, FREE, 0L));
	}

	@Test
	void othersHaveATurnAfterEachTryOfAStalledRecordHoweverManyAreDue() {
		this.stalls.stall("spell", List.of(refusal(ONE), refusal(TWO)));
		List<TopicPartition> tried = new ArrayList<>();
		await().pollInSameThread().until(() -> {
			this.stalls.resumeDue(this.consumer, this.held::contains);
			tried.addAll(admitted(ONE, TWO, FREE).partitions());
			return !tried.getLast().equals(FREE);
		});
		tried.clear();
		// the other one has been due as long
		this.stalls.resumeDue(this.consumer, this.held::contains);
		tried.addAll(admitted(ONE, TWO, FREE).partitions());
		assertThat(tried).containsExactly(FREE);
		this.stalls.resumeDue(this.consumer, this.held::contains);
		assertThat(admitted(ONE, TWO, FREE).partitions()).hasSize(1).doesNotContain(FREE);
	}

	@Test
	void aPollOfStalledRecordsAloneIsNotTheTurnOfTheOthers() {
		this.stalls.stall("spell", List.of(refusal(ONE), refusal(TWO)));
		await().pollInSameThread().until(() -> {
			this.stalls.resumeDue(this.consumer, this.held::contains);
			return !admitted(ONE, TWO).isEmpty();
		});
		this.stalls.resumeDue(this.consumer, this.held::contains);
		assertThat(admitted(ONE, TWO).isEmpty()).isTrue();
		assertThat(this.consumer.paused()).containsExactlyInAnyOrder(ONE, TWO);
		this.stalls.resumeDue(this.consumer, this.held::contains);
		assertThat(this.consumer.paused()).containsExactlyInAnyOrder(ONE, TWO);
		assertThat(admitted(FREE).partitions()).containsExactly(FREE);
		this.stalls.resumeDue(this.consumer, this.held::contains);
		assertThat(this.consumer.paused()).hasSize(1);
	}

	@Test
	void theNextTryIsAsFarAwayAsTheLastOneWasCostly() {
		Stall tried = Stall.at(refusal(ONE)).tried();
		long now = System.nanoTime();
		assertThat(tried.ended(Duration.ofMinutes(1)).due() - now)
			.isGreaterThanOrEqualTo(Duration.ofMinutes(4).toNanos());
		assertThat(tried.ended(Duration.ZERO).due() - now).isGreaterThanOrEqualTo(tried.pause().toNanos());
	}

	@Test
	void pollsOfAnotherConsumerDoNotEndTheSearchOfOne() throws Exception {
		this.stalls.search("spell", 8, refusal(ONE));
		try (ExecutorService other = Executors.newSingleThreadExecutor()) {
			for (int poll = 0; poll < 2; poll++) {
				assertThat(other.submit(() -> this.stalls.admit(polled(8, TWO), this.consumer)).get().count())
					.isEqualTo(8);
			}
		}
		assertThat(this.stalls.admit(polled(8, ONE), this.consumer).count()).isEqualTo(4);
		assertThat(this.consumer.position(ONE)).isEqualTo(4);
	}

	@Test
	void whatTheContainerPausesStaysPausedAndTheRestIsResumed() {
		this.stalls.stall("spell", List.of(refusal(ONE)));
		admitted(ONE);
		this.consumer.pause(List.of(ONE, TWO, FREE));
		this.held.addAll(List.of(ONE, TWO, FREE));
		this.stalls.forget(List.of(ONE));
		this.stalls.resumeDue(this.consumer, this.held::contains);
		assertThat(this.consumer.paused()).containsExactlyInAnyOrder(ONE, TWO, FREE);
		this.held.clear();
		this.stalls.resumeDue(this.consumer, this.held::contains);
		assertThat(this.consumer.paused()).containsExactlyInAnyOrder(TWO, FREE);
	}

	private ConsumerRecords<String, String> admitted(TopicPartition... partitions) {
		return this.stalls.admit(polled(1, partitions), this.consumer);
	}

	private static ConsumerRecords<String, String> polled(int count, TopicPartition... partitions) {
		Map<TopicPartition, List<ConsumerRecord<String, String>>> records = new HashMap<>();
		for (TopicPartition partition : partitions) {
			List<ConsumerRecord<String, String>> own = new ArrayList<>();
			for (int offset = 0; offset < count; offset++) {
				own.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "k", "v"));
			}
			records.put(partition, own);
		}
		return StalledPartitions.records(records);
	}

	private static Refusal refusal(TopicPartition partition) {
		return new Refusal(new Position(partition.topic(), partition.partition(), 0), 1, "words.dlt", "too large");
	}

}
