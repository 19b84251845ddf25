package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import io.sitestream.TestServers;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The transactions of functions, against a real broker and without the functions.
 */
class FunctionTransactionsIntegrationTests {

	private static final boolean LONG = Boolean.getBoolean("sitestream.test.long");

	private static final int CONSUMERS = 2;

	private final String run = "transactions-" + UUID.randomUUID();

	private final ConsumerGroupMetadata group = new ConsumerGroupMetadata(this.run + "-group");

	private final FunctionTransactions transactions = transactions();

	private Admin admin;

	@BeforeEach
	void open() throws Exception {
		this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address()));
		this.admin
			.createTopics(List
				.of(new NewTopic(this.run, 2, (short) 1).configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "2000"))))
			.all()
			.get();
	}

	@AfterEach
	void close() throws Exception {
		this.transactions.destroy();
		this.admin.deleteTopics(List.of(this.run)).all().get();
		this.admin.close();
	}

	@Test
	void noTransactionCommitsTheOffsetsOfOneThatWasAborted() throws Exception {
		byte[] tooLarge = new byte[5_000];
		new Random(1).nextBytes(tooLarge);
		for (int i = 1; i <= 40; i++) {
			int offset = i;
			// the broker's answer to the record and the offsets overtake each other
			assertThatException().isThrownBy(() -> inTransaction("first", (status) -> {
				send("first", 0, tooLarge);
				sendOffset("first", 0, offset);
			}));
			inTransaction("first", (status) -> {
				send("first", 1, new byte[10]);
				sendOffset("first", 1, offset);
			});
			inTransaction("second", (status) -> send("second", 1, new byte[10]));

			assertThat(this.admin.listConsumerGroupOffsets(this.group.groupId()).partitionsToOffsetAndMetadata().get())
				.as("round %d", i)
				.isEqualTo(Map.of(new TopicPartition(this.run, 1), new OffsetAndMetadata(offset)));
		}
	}

	@Test
	void theIdsStayTheSameFewHoweverOftenTransactionsAreRolledBack() throws Exception {
		int each = (LONG ? 1_000 : 200) / CONSUMERS;
		try (ExecutorService consumers = Executors.newFixedThreadPool(CONSUMERS)) {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CONSUMERS; i++) {
				running.add(consumers.submit(() -> {
					for (int rollbacks = 0; rollbacks < each; rollbacks++) {
						inTransaction("first", TransactionStatus::setRollbackOnly);
					}
					// both still get a producer
					inTransaction("first", (status) -> send("first", 0, new byte[10]));
				}));
			}
			for (Future<?> one : running) {
				one.get();
			}
		}
		inTransaction("second", (status) -> send("second", 0, new byte[10]));

		assertThat(ids()).hasSizeBetween(2, 2 * CONSUMERS + 2 + 1)
			.allMatch((id) -> id.matches(this.run + "-(first|second)-[0-5]"));
	}

	@Test
	void theFirstProducerOfAProcessEndsWhatTheOneBeforeLeftOpen() throws Exception {
		Producer<byte[], byte[]> killed = this.transactions.manager("first").getProducerFactory().createProducer();
		killed.beginTransaction();
		killed.send(new ProducerRecord<>(this.run, 0, null, new byte[10])).get();
		assertThat(ids(TransactionState.ONGOING)).containsExactly(this.run + "-first-0");

		FunctionTransactions restarted = transactions();
		new TransactionTemplate(restarted.manager("first")).executeWithoutResult(
				(status) -> restarted.send("first", List.of(new ProducerRecord<>(this.run, 0, null, new byte[10]))));

		await().untilAsserted(
				() -> assertThat(ids(TransactionState.COMPLETE_COMMIT)).containsExactly(this.run + "-first-0"));
		assertThatExceptionOfType(ProducerFencedException.class).isThrownBy(killed::commitTransaction);
		killed.close(Duration.ZERO);
		restarted.destroy();
	}

	private void inTransaction(String function, Consumer<TransactionStatus> action) {
		new TransactionTemplate(this.transactions.manager(function)).executeWithoutResult(action);
	}

	private void send(String function, int partition, byte[] value) {
		this.transactions.send(function, List.of(new ProducerRecord<>(this.run, partition, null, value)));
	}

	private void sendOffset(String function, int partition, long offset) {
		this.transactions.send(function, Map.of(new TopicPartition(this.run, partition), new OffsetAndMetadata(offset)),
				this.group);
	}

	private List<String> ids(TransactionState... states) throws Exception {
		return this.admin.listTransactions(new ListTransactionsOptions().filterStates(List.of(states)))
			.all()
			.get()
			.stream()
			.map(TransactionListing::transactionalId)
			.filter((id) -> id.startsWith(this.run))
			.toList();
	}

	private FunctionTransactions transactions() {
		return new FunctionTransactions(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().address(),
						ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 60_000),
				this.run + "-", (function) -> CONSUMERS, Trail.off());
	}

}
