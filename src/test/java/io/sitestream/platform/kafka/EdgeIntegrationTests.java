package io.sitestream.platform.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.sitestream.SitestreamApplication;
import io.sitestream.SitestreamTest;
import io.sitestream.TopicProbe;
import io.sitestream.platform.Emission;
import io.sitestream.platform.UnprocessableRecordException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Status;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.cloud.stream.binding.BindingsLifecycleController.State;
import org.springframework.dao.DataAccessResourceFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "ticketing", classes = { SitestreamApplication.class, WordFunctions.class }, properties = {
		"spring.cloud.function.definition=copyWords;shoutWords",
		"spring.cloud.stream.bindings.copyWords-in-0.destination=${sitestream.topics.prefix}words",
		"spring.cloud.stream.bindings.copyWords-in-0.group=${sitestream.topics.prefix}copy-words",
		"spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.transaction-manager=lossyTransactionManager",
		"spring.cloud.stream.bindings.shoutWords-in-0.destination=${sitestream.topics.prefix}calls",
		"spring.cloud.stream.bindings.shoutWords-in-0.group=${sitestream.topics.prefix}shout-words",
		"spring.cloud.stream.bindings.shoutWords-in-0.consumer.concurrency=2",
		"sitestream.kafka.transaction-timeout=5s",
		"spring.cloud.stream.kafka.binder.consumer-properties.max.poll.interval.ms=6000",
		"spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms=6000" })
class EdgeIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final AtomicInteger COUNT = new AtomicInteger();

	private final String run = "run" + COUNT.incrementAndGet();

	@Autowired
	@Qualifier("copies")
	WordFunctions.Script copies;

	@Autowired
	@Qualifier("shouts")
	WordFunctions.Script shouts;

	@Autowired
	@Qualifier("lossyTransactionManager")
	LossyTransactionManager transactions;

	@Autowired
	FunctionBeans functions;

	@Autowired
	FunctionsHealth health;

	@Autowired
	BindingsLifecycleController bindings;

	@Autowired
	MeterRegistry meters;

	@Value("${spring.kafka.bootstrap-servers}")
	String servers;

	@Value("${sitestream.instance-id}")
	String instanceId;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	TopicProbe probe;

	@BeforeEach
	void open() {
		this.probe = new TopicProbe(this.servers, this.prefix);
		await("one partition for each of two consumers").atMost(Duration.ofSeconds(60))
			.until(() -> Set.copyOf(this.shouts.owners.values()).size() == 2);
		this.copies.reset();
		this.shouts.reset();
	}

	@AfterEach
	void close() {
		this.bindings.changeState("shoutWords-in-0", State.RESUMED);
		this.copies.reset();
		this.shouts.reset();
		this.probe.close();
	}

	@Test
	void keepsAnUnreadableRecordAsADeadLetterAndGoesOn() {
		send("words", 0, 10);
		this.probe.send("words", "k", "{\"text\":");
		this.probe.send("words", "k", "[1]");
		send("words", 10, 20);

		awaitExactly("copies", words(0, 20));

		List<ConsumerRecord<byte[], byte[]>> letters = lettersOf("words.copy-words.dlq");
		assertThat(letters).extracting(TopicProbe::value).containsExactly("{\"text\":", "[1]");
		assertThat(TopicProbe.header(letters.getFirst(), "x-original-topic")).isEqualTo(this.prefix + "words");
		assertThat(TopicProbe.header(letters.getFirst(), "x-exception-message")).startsWith("Value is not a Word:");
	}

	@Test
	void keepsTheRecordsThatTheLogicNamesAndCallsItAgainWithTheRest() {
		List<String> bad = words(5, 8);
		this.shouts.now((words) -> {
			List<UnprocessableRecordException> faults = words.stream()
				.filter((word) -> bad.contains(word.required().text()))
				.map((word) -> new UnprocessableRecordException(word.position(),
						"'%s' is not to be shouted.".formatted(word.required().text())))
				.toList();
			if (!faults.isEmpty()) {
				throw UnprocessableRecordException.of(faults);
			}
			return this.shouts.passOn(words);
		});

		send("calls", 0, 10);

		awaitExactly("shouts", Stream.concat(words(0, 5).stream(), words(8, 10).stream()).toList());
		assertThat(lettersOf("calls.shout-words.dlq").stream()
			.map((letter) -> TopicProbe.header(letter, "x-exception-message")))
			.containsExactlyInAnyOrderElementsOf(bad.stream().map("'%s' is not to be shouted."::formatted).toList());
	}

	@Test
	void searchesForTheRecordThatTheProgramStumblesOver() {
		String bad = word(3);
		this.copies.now((words) -> {
			if (words.stream().anyMatch((word) -> word.required().text().equals(bad))) {
				throw new NullPointerException("nobody thought of " + bad);
			}
			return this.copies.passOn(words);
		});

		send("words", 0, 8);

		awaitExactly("copies", without(words(0, 8), bad));
		assertThat(lettersOf("words.copy-words.dlq").stream()
			.map((letter) -> TopicProbe.header(letter, "x-exception-message")))
			.containsExactly("nobody thought of " + bad);
	}

	@Test
	void losesNothingWhileAServerIsAwayForLongerThanAPollMayTake() {
		long back = System.nanoTime() + Duration.ofSeconds(9).toNanos();
		this.shouts.now((words) -> {
			if (System.nanoTime() < back) {
				throw new DataAccessResourceFailureException("the database is away");
			}
			return this.shouts.passOn(words);
		});

		send("calls", 0, 50);

		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(failure("shoutWords")).isNotNull());
		assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(told("shoutWords").toString()).contains("RETRYING", "the database is away", "since=", "lag=");
		awaitExactly("shouts", words(0, 50));
		assertThat(this.shouts.revoked).isEmpty();
		assertIsWellAgain("shoutWords");
	}

	@Test
	void losesNothingAndDoublesNothingWhenATransactionIsTriedAgain() {
		long back = System.nanoTime() + Duration.ofSeconds(9).toNanos();
		this.copies.now((words) -> {
			if (System.nanoTime() < back) {
				throw new DataAccessResourceFailureException("the database is away");
			}
			return this.copies.passOn(words);
		});

		send("words", 0, 50);

		awaitExactly("copies", words(0, 50));
		assertThat(this.copies.revoked).isEmpty();
	}

	@Test
	void doublesNothingWhenTheAnswerToACommitIsLost() {
		this.transactions.loseNextAnswer(() -> {
		});

		send("words", 0, 30);

		await().atMost(Duration.ofSeconds(60)).until(this.transactions::hasLostTheAnswer);
		send("words", 30, 40);
		awaitExactly("copies", words(0, 40));
	}

	@Test
	void leavesNothingOutBehindABatchWhateverIsCommitted() {
		this.transactions.loseNextAnswer(() -> commitAhead(5));

		send("words", 0, 30);

		await().atMost(Duration.ofSeconds(60)).until(this.transactions::hasLostTheAnswer);
		send("words", 30, 40);
		awaitExactly("copies", words(0, 40));
	}

	@Test
	void leavesNoBatchOutThatWasRolledBackWhateverIsCommitted() {
		AtomicInteger failures = new AtomicInteger(1);
		this.copies.now((words) -> {
			if (failures.getAndDecrement() > 0) {
				commitAhead(0);
				throw new DataAccessResourceFailureException("the database is away");
			}
			return this.copies.passOn(words);
		});

		send("words", 0, 20);

		awaitExactly("copies", words(0, 20));
	}

	/**
	 * Commits offsets of the group behind the end of the words, as a transaction would
	 * that has the offsets of another one.
	 */
	private void commitAhead(long records) {
		try (KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
				this.servers, ProducerConfig.TRANSACTIONAL_ID_CONFIG, "ahead-of-" + this.run),
				new ByteArraySerializer(), new ByteArraySerializer())) {
			other.initTransactions();
			other.beginTransaction();
			Map<TopicPartition, OffsetAndMetadata> ahead = new HashMap<>();
			this.probe.ends("words")
				.forEach((partition, end) -> ahead.put(partition, new OffsetAndMetadata(end + records)));
			other.sendOffsetsToTransaction(ahead, new ConsumerGroupMetadata(this.prefix + "copy-words"));
			other.commitTransaction();
		}
	}

	@Test
	void losesNothingWhenAFunctionIsSlowerThanItsTransaction() {
		AtomicInteger slow = new AtomicInteger(1);
		this.copies.now((words) -> {
			List<Emission> emissions = this.copies.passOn(words);
			if (slow.getAndDecrement() > 0) {
				// 5 s, and the broker looks for transactions that are too old every
				// second
				LockSupport.parkNanos(Duration.ofSeconds(9).toNanos());
			}
			return emissions;
		});

		send("words", 0, 20);

		awaitExactly("copies", words(0, 20));
		assertThat(slow.get()).as("how often the function ran").isNegative();
	}

	@Test
	void losesNothingWhenTheBrokerGivesATransactionUpBeforeItsCommit() {
		this.transactions.beforeNextCommit(() -> LockSupport.parkNanos(Duration.ofSeconds(9).toNanos()));

		send("words", 0, 20);

		await().atMost(Duration.ofSeconds(60)).until(this.transactions::hasCommitted);
		awaitExactly("copies", words(0, 20));
	}

	@Test
	void losesNothingWhenAnotherProcessHasTheSameInstanceId() {
		this.transactions.beforeNextCommit(this::fence);

		send("words", 0, 20);

		await().atMost(Duration.ofSeconds(60)).until(this.transactions::hasCommitted);
		awaitExactly("copies", words(0, 20));
	}

	/**
	 * Begins transactions with the ids of this process, as another one with its instance
	 * id would.
	 */
	private void fence() {
		for (int i = 0; i < 8; i++) {
			try (KafkaProducer<byte[], byte[]> other = new KafkaProducer<>(
					Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, this.servers,
							ProducerConfig.TRANSACTIONAL_ID_CONFIG,
							"sitestream-" + this.instanceId + "-copyWords-" + i),
					new ByteArraySerializer(), new ByteArraySerializer())) {
				other.initTransactions();
			}
		}
	}

	@Test
	void healthTellsWhatIsRetriedWhyAndSinceWhen() {
		AtomicBoolean away = new AtomicBoolean(true);
		this.shouts.now((words) -> {
			if (away.get()) {
				throw new DataAccessResourceFailureException("the database is away");
			}
			return this.shouts.passOn(words);
		});
		Instant begin = Instant.now().minusMillis(1);

		send("calls", 0, 12);
		Map<String, Object> first = awaitState("shoutWords", FunctionState.RETRYING, 12);
		int calls = this.shouts.calls.size();
		await().atMost(PATIENCE).until(() -> this.shouts.calls.size() > calls);
		Map<String, Object> later = awaitState("shoutWords", FunctionState.RETRYING, 12);

		assertThat(later).containsOnlyKeys("state", "cause", "since", "position", "lag").isEqualTo(first);
		assertThat(later.get("cause"))
			.isEqualTo("org.springframework.dao.DataAccessResourceFailureException: the database is away");
		assertThat(later.get("position").toString()).matches(this.prefix + "calls-\\d@\\d+");
		assertThat((Instant) later.get("since")).isBetween(begin, Instant.now());
		assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(gauge("sitestream.function.lag", "shoutWords")).isEqualTo(12);
		assertThat(states("shoutWords")).containsExactly("RETRYING");
		away.set(false);
		assertIsWellAgain("shoutWords");
	}

	@Test
	void healthSeesThatNothingCanBeCommitted() {
		this.transactions.beforeNextCommit(this::fenceEveryCommit);

		send("words", 0, 20);
		Map<String, Object> told = awaitState("copyWords", FunctionState.RETRYING, 20);
		int calls = this.copies.calls.size();
		await().atMost(PATIENCE).until(() -> this.copies.calls.size() > calls + 1);

		assertThat(told.get("cause").toString()).contains("Fenced at commit");
		assertThat(awaitState("copyWords", FunctionState.RETRYING, 20).get("since")).isEqualTo(told.get("since"));
		assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		this.transactions.beforeNextCommit(() -> {
		});
		awaitExactly("copies", words(0, 20));
		assertIsWellAgain("copyWords");
	}

	private void fenceEveryCommit() {
		this.transactions.beforeNextCommit(this::fenceEveryCommit);
		fence();
	}

	@Test
	void aPauseIsToldAndIsEndedByNobodyElse() {
		AtomicBoolean away = new AtomicBoolean(true);
		this.shouts.now((words) -> {
			if (away.get()) {
				throw new DataAccessResourceFailureException("the database is away");
			}
			return this.shouts.passOn(words);
		});
		send("calls", 0, 5);
		awaitState("shoutWords", FunctionState.RETRYING, 5);

		this.bindings.changeState("shoutWords-in-0", State.PAUSED);
		send("calls", 5, 9);
		awaitState("shoutWords", FunctionState.PAUSED, 9);
		assertThat(states("shoutWords")).containsExactly("PAUSED");
		away.set(false);

		this.bindings.changeState("shoutWords-in-0", State.RESUMED);
		awaitExactly("shouts", words(0, 9));
		assertIsWellAgain("shoutWords");
		this.bindings.changeState("shoutWords-in-0", State.PAUSED);
		awaitState("shoutWords", FunctionState.PAUSED, 0);
		assertThat(this.health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		this.bindings.changeState("shoutWords-in-0", State.RESUMED);
		assertIsWellAgain("shoutWords");
	}

	@Test
	void aConsumerThatEndedIsToldAndStartsAgain() {
		this.shouts.now((words) -> {
			throw new OutOfMemoryError("as a test says");
		});

		send("calls", 0, 3);

		try {
			Map<String, Object> told = awaitState("shoutWords", FunctionState.STOPPED, 3);
			assertThat(told.get("cause")).isEqualTo("java.lang.OutOfMemoryError: as a test says");
			assertThat(this.health.health().getStatus()).isEqualTo(Status.DOWN);
		}
		finally {
			this.shouts.now(this.shouts::passOn);
			this.bindings.changeState("shoutWords-in-0", State.STOPPED);
			this.bindings.changeState("shoutWords-in-0", State.STARTED);
		}
		awaitExactly("shouts", words(0, 3));
		assertIsWellAgain("shoutWords");
	}

	private Map<String, Object> awaitState(String function, FunctionState state, long lag) {
		return await().atMost(PATIENCE)
			.until(() -> told(function),
					(told) -> told.get("state") == state && Long.valueOf(lag).equals(told.get("lag")));
	}

	private void assertIsWellAgain(String function) {
		assertThat(awaitState(function, FunctionState.RUNNING, 0)).containsOnlyKeys("state", "lag");
		await().atMost(PATIENCE).until(() -> this.health.health().getStatus().equals(Status.UP));
		assertThat(states(function)).containsExactly("RUNNING");
		assertThat(gauge("sitestream.function.lag", function)).isZero();
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> told(String function) {
		return (Map<String, Object>) this.health.health().getDetails().get(function);
	}

	private double gauge(String name, String function) {
		return this.meters.get(name).tag("function", function).gauge().value();
	}

	private List<String> states(String function) {
		return this.meters.get("sitestream.function.state")
			.tag("function", function)
			.gauges()
			.stream()
			.filter((gauge) -> gauge.value() == 1)
			.map((gauge) -> gauge.getId().getTag("state"))
			.toList();
	}

	@Test
	void readsPartitionsSideBySide() {
		for (int i = 0; i < 40; i++) {
			this.probe.send("calls", "key" + i, "{\"text\":\"%s\"}".formatted(word(i)));
		}
		this.probe.flush();

		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(mine("shouts")).containsExactlyInAnyOrderElementsOf(words(0, 40)));
		assertThat(IntStream.range(0, 40).mapToObj((i) -> this.shouts.threads.get(word(i))).distinct()).hasSize(2);
	}

	private void send(String topic, int from, int to) {
		for (int i = from; i < to; i++) {
			this.probe.send(topic, "k", "{\"text\":\"%s\"}".formatted(word(i)));
		}
		this.probe.flush();
	}

	/**
	 * Waits for these words, in this order, and then for one more, so that a late
	 * repetition would be seen.
	 */
	private void awaitExactly(String topic, List<String> expected) {
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(mine(topic)).containsAll(expected));
		this.copies.now(this.copies::passOn);
		this.shouts.now(this.shouts::passOn);
		send(topic.equals("copies") ? "words" : "calls", 9_999, 10_000);
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(mine(topic)).contains(word(9_999)));
		List<String> all = new ArrayList<>(expected);
		all.add(word(9_999));
		assertThat(mine(topic)).isEqualTo(all);
	}

	private List<String> mine(String topic) {
		return this.probe.committedValues(topic)
			.stream()
			.map((json) -> json.replaceAll(".*:\"(.*)\".*", "$1"))
			.filter((text) -> text.startsWith(this.run + "-"))
			.toList();
	}

	private List<ConsumerRecord<byte[], byte[]>> lettersOf(String topic) {
		List<ConsumerRecord<byte[], byte[]>> letters = this.probe.committed(topic);
		return letters.stream()
			.filter((letter) -> !TopicProbe.value(letter).contains("run")
					|| TopicProbe.value(letter).contains(this.run + "-"))
			.toList();
	}

	private Throwable failure(String function) {
		return this.functions.all().get(function).failure();
	}

	private List<String> words(int from, int to) {
		return IntStream.range(from, to).mapToObj(this::word).toList();
	}

	private String word(int number) {
		return this.run + "-" + number;
	}

	private static List<String> without(List<String> words, String word) {
		return words.stream().filter((other) -> !other.equals(word)).toList();
	}

}
