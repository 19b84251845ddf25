package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.sitestream.platform.ServingProperties;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicScans;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets every projection that this process writes be looked after, from before the first
 * record until the process ends.
 */
@Component
class ProjectionKeepers implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(ProjectionKeepers.class);

	private static final Duration INTERVAL = Duration.ofMillis(800);

	private final WriterGroups groups;

	private final Generations generations;

	private final RedisAccess redis;

	private final ObjectProvider<TopicEnds> ends;

	private final ObjectProvider<TopicScans> scans;

	private final Clock clock;

	private final ServingProperties serving;

	private List<ProjectionKeeper<?>> keepers = List.of();

	private volatile @Nullable ScheduledExecutorService executor;

	ProjectionKeepers(WriterGroups groups, Generations generations, RedisAccess redis, ObjectProvider<TopicEnds> ends,
			ObjectProvider<TopicScans> scans, Clock clock, ServingProperties serving) {
		this.groups = groups;
		this.generations = generations;
		this.redis = redis;
		this.ends = ends;
		this.scans = scans;
		this.clock = clock;
		this.serving = serving;
	}

	/** Before the bindings. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 700;
	}

	@Override
	public synchronized void start() {
		if (!this.serving.serving().isResident()) {
			found();
			return;
		}
		this.keepers = this.groups.all().stream().<ProjectionKeeper<?>>map(this::keeper).toList();
		ScheduledExecutorService started = Executors
			.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("projection-keeper").factory());
		this.keepers.forEach((keeper) -> started.scheduleWithFixedDelay(keeper::look, 0, INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS));
		this.executor = started;
	}

	/**
	 * A process that is frozen between two calls would keep leases and consumers that it
	 * does not use. It makes the first generation alone, before the first record.
	 */
	private void found() {
		try {
			this.groups.all().forEach((written) -> written.founding().get());
		}
		catch (RuntimeException ex) {
			log.warn("Generations cannot be looked at for the moment, the first records do so again: {}",
					ex.toString());
		}
	}

	private <T> ProjectionKeeper<T> keeper(WrittenProjection<T> written) {
		return new ProjectionKeeper<>(written, this.generations, this.redis, this.ends.getObject(),
				this.scans.getObject(), this.groups, this.clock);
	}

	@Override
	public synchronized void stop() {
		ScheduledExecutorService running = this.executor;
		if (running != null) {
			running.shutdownNow();
			this.keepers.forEach(ProjectionKeeper::close);
			this.executor = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.executor != null;
	}

}
