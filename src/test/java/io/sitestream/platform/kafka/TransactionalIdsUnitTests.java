package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.NoProducerAvailableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TransactionalIdsUnitTests {

	@Test
	void takesTheLowestThatIsFree() {
		TransactionalIds ids = new TransactionalIds("copyWords", 1);
		List<String> taken = Stream.generate(() -> ids.acquireSuffix("p-")).limit(3).toList();

		ids.releaseSuffix("p-", "2");
		ids.releaseSuffix("p-", "0");
		ids.releaseSuffix("p-", "0");

		assertThat(taken).containsExactly("0", "1", "2");
		assertThat(Stream.generate(() -> ids.acquireSuffix("p-")).limit(3)).containsExactly("0", "2", "3");
	}

	@Test
	void saysWhyThereIsNoneLeft() {
		TransactionalIds ids = new TransactionalIds("copyWords", 2);
		Stream.generate(() -> ids.acquireSuffix("p-")).limit(6).forEach(String::length);

		assertThatExceptionOfType(NoProducerAvailableException.class).isThrownBy(() -> ids.acquireSuffix("p-"))
			.withMessage(
					"All 6 transactional ids of copyWords are in use, two for each of its consumers and two to spare: one is free when a transaction has ended.");
	}

	@Test
	void comeBackFromProducersThatCannotBeMade() {
		TransactionalIds ids = new TransactionalIds("copyWords", 1);
		FunctionProducers producers = new FunctionProducers(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "no port here"), "p-", ids);

		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(KafkaException.class).isThrownBy(producers::createProducer);
		}

		assertThat(ids.acquireSuffix("p-")).isEqualTo("0");
	}

}
