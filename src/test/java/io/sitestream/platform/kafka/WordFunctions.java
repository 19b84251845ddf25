package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Edge;
import io.sitestream.platform.Emission;
import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.Topic;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

/**
 * Functions whose logic a test can exchange while they run. {@code copyWords} writes a
 * compacted topic and so has transactions; {@code shoutWords} has none.
 */
@TestConfiguration(proxyBeanMethods = false)
class WordFunctions {

	static final Topic<Word> WORDS = Topic.retained("words", Word.class, 2, Duration.ofDays(1));

	static final Topic<Word> COPIES = Topic.compacted("copies", Word.class, 1);

	static final Topic<Word> CALLS = Topic.retained("calls", Word.class, 2, Duration.ofDays(1));

	static final Topic<Word> SHOUTS = Topic.retained("shouts", Word.class, 1, Duration.ofDays(1));

	@Bean
	Script copies() {
		return new Script(COPIES);
	}

	@Bean
	Script shouts() {
		return new Script(SHOUTS);
	}

	@Bean
	Consumer<Message<List<RawRecord>>> copyWords(Edge edge, @Qualifier("copies") Script script) {
		return edge.from(WORDS).to(COPIES).partitions(script).emitting(script::on);
	}

	@Bean
	Consumer<Message<List<RawRecord>>> shoutWords(Edge edge, @Qualifier("shouts") Script script) {
		return edge.from(CALLS).to(SHOUTS).partitions(script).emitting(script::on);
	}

	/**
	 * The transaction manager of {@code copyWords}, whose commits can be made to lose
	 * their answer.
	 */
	@Bean(defaultCandidate = false)
	LossyTransactionManager lossyTransactionManager(FunctionTransactions transactions) {
		return new LossyTransactionManager(transactions.manager("copyWords"));
	}

	record Word(String text) {

	}

	/**
	 * Logic that a test can exchange. By itself it passes every word on.
	 */
	static final class Script implements PartitionListener {

		private final Topic<Word> output;

		private final AtomicReference<Function<List<Consumed<Word>>, List<Emission>>> logic = new AtomicReference<>();

		final List<List<String>> calls = new CopyOnWriteArrayList<>();

		final List<Integer> revoked = new CopyOnWriteArrayList<>();

		final Map<Integer, String> owners = new ConcurrentHashMap<>();

		final Map<String, String> threads = new ConcurrentHashMap<>();

		Script(Topic<Word> output) {
			this.output = output;
			reset();
		}

		void reset() {
			this.logic.set(this::passOn);
			this.calls.clear();
			this.revoked.clear();
		}

		void now(Function<List<Consumed<Word>>, List<Emission>> logic) {
			this.logic.set(logic);
		}

		List<Emission> on(List<Consumed<Word>> words) {
			this.calls.add(words.stream().map((word) -> word.required().text()).toList());
			words.forEach((word) -> this.threads.put(word.required().text(), Thread.currentThread().getName()));
			return this.logic.get().apply(words);
		}

		List<Emission> passOn(List<Consumed<Word>> words) {
			return words.stream().map((word) -> Emission.of(this.output, word.key(), word.required())).toList();
		}

		@Override
		public void assigned(PartitionLog log) {
			log.partitions().forEach((partition) -> this.owners.put(partition, Thread.currentThread().getName()));
		}

		@Override
		public void revoked(String topic, Set<Integer> partitions) {
			this.revoked.addAll(partitions);
		}

	}

}
