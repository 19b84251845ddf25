package io.sitestream.contactjobs.tracking;

import java.util.List;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Shows imports that stand still, in {@code /actuator/health} and as metric
 * {@code sitestream.contact.imports.standing.still}. They are no reason to be DOWN: what
 * they wait for says so itself, and they go on when it is back.
 */
@Component("contactImportsHealthIndicator")
class ImportsHealth implements HealthIndicator {

	private static final int MOST = 10;

	private final ImportWatchdog watchdog;

	ImportsHealth(ImportWatchdog watchdog, MeterRegistry meters) {
		this.watchdog = watchdog;
		Gauge.builder("sitestream.contact.imports.standing.still", watchdog, (found) -> found.standingStill().size())
			.description("Imports of this process's partitions that make no progress")
			.register(meters);
	}

	@Override
	public Health health() {
		List<String> standing = this.watchdog.standingStill();
		return Health.up()
			.withDetail("standingStill", standing.size())
			.withDetail("imports", standing.subList(0, Math.min(MOST, standing.size())))
			.build();
	}

}
