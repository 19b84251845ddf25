package io.sitestream.platform.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How functions run their Kafka transactions.
 *
 * @param instanceId names this process in transactional ids: different for every process,
 * best stable over restarts, so that a new process ends the transactions of the one
 * before at once. Ids are {@code sitestream-<instance id>-<function>-<n>}. Without one a
 * random id is taken, and readers wait for a killed process's transactions until they
 * time out
 * @param kafka the transactions
 */
@ConfigurationProperties("sitestream")
record EdgeProperties(@Nullable String instanceId, @DefaultValue Kafka kafka) {

	EdgeProperties {
		if (instanceId != null && !instanceId.matches("[A-Za-z0-9._-]{1,128}")) {
			throw new IllegalArgumentException(
					"sitestream.instance-id is '%s': it must match [A-Za-z0-9._-]{1,128}.".formatted(instanceId));
		}
	}

	String instance() {
		return (this.instanceId != null) ? this.instanceId : "pid-" + ProcessHandle.current().pid();
	}

	String transactionalIdPrefix() {
		return "sitestream-" + ((this.instanceId != null) ? this.instanceId : UUID.randomUUID().toString()) + "-";
	}

	/**
	 * Transactions.
	 *
	 * @param transactionTimeout how long a function may take for a batch, 5 s to 60 s.
	 * Database statements and locks must end below it. Readers of an output partition
	 * stand still for so long when a process stops within a transaction
	 * @param trail a file to which a line is appended for each batch of a function that
	 * has a group: which offsets were processed, and how it ended. Absent: no file.
	 * {@code infra/continuity/Continuity.java} reads it
	 */
	record Kafka(@DefaultValue("20s") Duration transactionTimeout, @Nullable Path trail) {

		Kafka {
			if (transactionTimeout.compareTo(Duration.ofSeconds(5)) < 0
					|| transactionTimeout.compareTo(Duration.ofSeconds(60)) > 0) {
				throw new IllegalArgumentException("sitestream.kafka.transaction-timeout is %s: allowed are 5s to 60s."
					.formatted(transactionTimeout));
			}
		}

	}

}
