package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.Rewind;
import io.sitestream.platform.Serving;
import io.sitestream.platform.Topic;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

class BoundTransactionsUnitTests {

	private static final String CONSUMER = "spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.";

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void aFunctionThatWritesACompactedTopicNeedsItsTransactionManager() {
		this.environment.setProperty(CONSUMER + "start-offset", "earliest");

		assertThatIllegalStateException()
			.isThrownBy(() -> bound(WordFunctions.COPIES, Serving.KAFKA).afterSingletonsInstantiated())
			.withMessage(
					"Binding copyWords-in-0 has no transaction manager, but its function writes a compacted topic: set spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.transaction-manager to copyWordsTransactionManager.");
	}

	@Test
	void aFunctionThatWritesACompactedTopicNeedsItsOwn() {
		for (String foreign : List.of("shoutWordsTransactionManager", "edgeTransactionManager")) {
			this.environment.setProperty(CONSUMER + "transaction-manager", foreign);

			assertThatIllegalStateException()
				.isThrownBy(() -> bound(WordFunctions.COPIES, Serving.KAFKA).afterSingletonsInstantiated())
				.withMessageStartingWith("Binding copyWords-in-0 has transaction manager '%s', but its function writes"
					.formatted(foreign))
				.withMessageEndingWith("to copyWordsTransactionManager.");
		}
	}

	@Test
	void aFunctionThatWritesNoneGetsNone() {
		this.environment.setProperty(CONSUMER + "transaction-manager", "copyWordsTransactionManager");

		assertThatIllegalStateException()
			.isThrownBy(() -> bound(WordFunctions.SHOUTS, Serving.KAFKA).afterSingletonsInstantiated())
			.withMessage(
					"Binding copyWords-in-0 has transaction manager 'copyWordsTransactionManager', but its function does not write a compacted topic: set spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.transaction-manager to nothing.");
	}

	@Test
	void whatIsRightIsTakenHoweverItIsSpelt() {
		this.environment.setProperty(CONSUMER + "transactionManager", "copyWordsTransactionManager");

		assertThatNoException()
			.isThrownBy(() -> bound(WordFunctions.COPIES, Serving.KAFKA).afterSingletonsInstantiated());
	}

	@Test
	void aFunctionThatIsCalledIsNotBound() {
		assertThatNoException()
			.isThrownBy(() -> bound(WordFunctions.COPIES, Serving.HTTP).afterSingletonsInstantiated());
	}

	private BoundTransactions bound(Topic<?> output, Serving serving) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		BatchFunction.Declaration declaration = new BatchFunction.Declaration(List.of(WordFunctions.WORDS),
				List.of(output), Duration.ZERO, false, new PartitionListener() {
				}, Rewind.NEVER, null);
		beans.registerSingleton("copyWords", new BatchFunction(declaration, (function, records) -> {
		}, new FunctionMetrics(new SimpleMeterRegistry())));
		FunctionTransactions transactions = new FunctionTransactions(Map.of(), "p-", (function) -> 1, Trail.off());
		beans.registerSingleton("copyWordsTransactionManager", transactions.manager("copyWords"));
		beans.registerSingleton("shoutWordsTransactionManager", transactions.manager("shoutWords"));
		return new BoundTransactions(new FunctionBeans(beans), transactions, beans, this.environment, serving);
	}

}
