package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.SitestreamApplication;
import io.sitestream.TestServers;
import io.sitestream.servers.LocalKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A function that writes a compacted topic, while the broker refuses its records, its
 * offsets or its transactions at random moments. {@code -Dsitestream.test.seed=} repeats
 * the moments of a run.
 */
class RefusedTransactionsIntegrationTests {

	private static final int ROUNDS = Boolean.getBoolean("sitestream.test.long") ? 200 : 6;

	private static final String PREFIX = "refusals-";

	@Test
	void everyWordIsVisibleOnceAndInOrderWhateverTheBrokerRefuses() {
		long seed = Long.getLong("sitestream.test.seed", System.nanoTime());
		System.out.println("Refusals at random moments: -Dsitestream.test.seed=" + seed);
		LocalKafka kafka = TestServers.separateKafka(Map.of("authorizer.class.name",
				"org.apache.kafka.metadata.authorizer.StandardAuthorizer", "allow.everyone.if.no.acl.found", "true"));
		try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.address()));
				ConfigurableApplicationContext application = application(kafka.address());
				WordHistory history = new WordHistory(kafka.address(), admin, PREFIX)) {
			Random random = new Random(seed);
			LossyTransactionManager transactions = application.getBean("lossyTransactionManager",
					LossyTransactionManager.class);
			for (Refusal refusal : refusals(random)) {
				refusal.begin(admin, PREFIX);
				history.send(random, false);
				for (int i = random.nextInt(3); i >= 0; i--) {
					waitForAFailure(transactions);
					// often between two attempts, sometimes while one is under way
					history.send(random, true);
					pass(random.nextInt(700));
					history.send(random, true);
					history.assertThatWhatIsCommittedIsVisible();
				}
				refusal.end(admin, PREFIX);
				history.assertThatEachWordBecomesVisibleOnceAndInOrder();
				history.assertThatWhatIsCommittedIsVisible();
			}

			assertThat(application.isRunning()).isTrue();
		}
		finally {
			kafka.stop();
		}
	}

	/** Each kind at least once. */
	private static List<Refusal> refusals(Random random) {
		List<Refusal> refusals = new ArrayList<>(List.of(Refusal.values()));
		Collections.shuffle(refusals, random);
		while (refusals.size() < ROUNDS) {
			refusals.add(Refusal.values()[random.nextInt(Refusal.values().length)]);
		}
		return refusals;
	}

	/**
	 * Not for long, since a refused member of a group begins no transaction.
	 */
	private static void waitForAFailure(LossyTransactionManager transactions) {
		int before = transactions.failures();
		for (int i = 0; i < 100 && transactions.failures() == before; i++) {
			pass(20);
		}
	}

	private static void pass(int millis) {
		LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
	}

	private static ConfigurableApplicationContext application(String servers) {
		return new SpringApplicationBuilder(SitestreamApplication.class, WordFunctions.class).run(
				"--sitestream.modules=ticketing", "--sitestream.security.mode=open", "--server.port=0",
				"--sitestream.topics.prefix=" + PREFIX, "--sitestream.instance-id=" + UUID.randomUUID(),
				"--spring.kafka.bootstrap-servers=" + servers,
				"--spring.cloud.function.definition=copyWords;shoutWords",
				"--spring.cloud.stream.bindings.copyWords-in-0.destination=" + PREFIX + "words",
				"--spring.cloud.stream.bindings.copyWords-in-0.group=" + PREFIX + "copy-words",
				"--spring.cloud.stream.kafka.bindings.copyWords-in-0.consumer.transaction-manager=lossyTransactionManager",
				"--spring.cloud.stream.bindings.shoutWords-in-0.destination=" + PREFIX + "calls",
				"--spring.cloud.stream.bindings.shoutWords-in-0.group=" + PREFIX + "shout-words");
	}

}
