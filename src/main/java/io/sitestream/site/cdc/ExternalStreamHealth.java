package io.sitestream.site.cdc;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether what this process writes is streamed by the Debezium on Kafka Connect.
 */
final class ExternalStreamHealth implements HealthIndicator {

	private final ExternalStream stream;

	private final WaitingChanges waiting;

	private final String slot;

	ExternalStreamHealth(ExternalStream stream, WaitingChanges waiting, String slot) {
		this.stream = stream;
		this.waiting = waiting;
		this.slot = slot;
	}

	@Override
	public Health health() {
		String cause = this.stream.cause();
		Health.Builder health = (cause != null) ? Health.down().withDetail("cause", cause) : Health.up();
		health.withDetail("state", "EXTERNAL")
			.withDetail("slot", this.slot)
			.withDetail("slotLagBytes", this.stream.slotLag());
		this.waiting.describe(health);
		return health.build();
	}

}
