package io.sitestream.site.cdc;

import java.util.EnumSet;
import java.util.Set;

import io.sitestream.site.cdc.StreamState.Phase;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether this process streams or stands by, why it does neither, and what waits.
 */
final class ChangeStreamHealth implements HealthIndicator {

	private static final Set<Phase> DOWN = EnumSet.of(Phase.RETRYING, Phase.REFUSED);

	private final StreamState state;

	private final ReplicationSlot slot;

	private final WaitingChanges waiting;

	ChangeStreamHealth(StreamState state, ReplicationSlot slot, WaitingChanges waiting) {
		this.waiting = waiting;
		this.state = state;
		this.slot = slot;
	}

	@Override
	public Health health() {
		Phase phase = this.state.phase();
		Health.Builder health = DOWN.contains(phase) ? Health.down() : Health.up();
		health.withDetail("state", phase)
			.withDetail("slot", this.slot.name())
			.withDetail("slotLagBytes", this.state.slotLag());
		String cause = this.state.cause();
		if (cause != null) {
			health.withDetail("cause", cause);
		}
		this.waiting.describe(health);
		return health.build();
	}

}
