package io.sitestream.contactjobs.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The uploads that this instance reads. When the instance is asked to end, they go on for
 * three quarters of the time that requests have then
 * ({@code spring.lifecycle.timeout-per-shutdown-phase}). Those that are not through by
 * then are broken off, whether their clients send or hang, so that their imports are
 * FAILED at once and not when the watchdog has heard nothing of them for long enough.
 */
@Component
class OpenUploads implements SmartLifecycle {

	/** That in which the web server waits for its requests. */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

	private static final Logger log = LoggerFactory.getLogger(OpenUploads.class);

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final Set<OpenUpload> open = ConcurrentHashMap.newKeySet();

	/** Requests that may open one yet. */
	private final AtomicInteger visits = new AtomicInteger();

	private final Emitter emitter;

	private final Clock clock;

	private final Duration grace;

	private volatile boolean running;

	private volatile boolean over;

	OpenUploads(Emitter emitter, LifecycleProperties lifecycle, Clock clock) {
		this.emitter = emitter;
		this.clock = clock;
		this.grace = lifecycle.getTimeoutPerShutdownPhase().multipliedBy(3).dividedBy(4);
	}

	/**
	 * Notes that a request with an upload has come: its import has not begun yet.
	 * @return is to be closed when the request is through
	 */
	Visit visit() {
		this.visits.incrementAndGet();
		return this.visits::decrementAndGet;
	}

	/**
	 * Notes that the reading of an upload begins. It is broken off at once if this
	 * instance has waited long enough.
	 * @param importId its import
	 * @return is to be closed when the upload is through or broken
	 */
	OpenUpload open(String importId) {
		OpenUpload upload = new OpenUpload(importId, this.open::remove);
		this.open.add(upload);
		if (this.over) {
			breakOff(upload);
		}
		return upload;
	}

	@Override
	public void start() {
		this.over = false;
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		long deadline = System.nanoTime() + this.grace.toNanos();
		while (this.visits.get() > 0 && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(LOOK_NANOS);
		}
		this.over = true;
		this.open.forEach(this::breakOff);
	}

	/** Beside the web server, which waits at the same time. */
	@Override
	public void stop(Runnable callback) {
		Thread.ofPlatform().name("open-uploads").start(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		});
	}

	private void breakOff(OpenUpload upload) {
		Problem problem = Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "instance-stopping",
				"The instance that read the file was stopped, and the file was not through %d s later: send it again. What was stored of it stays, and can be undone."
					.formatted(this.grace.toSeconds()));
		if (upload.breakOff(problem)) {
			try {
				this.emitter.emit(Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, upload.importId(),
						new ImportBroken(upload.importId(), problem, this.clock.instant())));
				log.info("Import {} is broken off: this instance ends.", upload.importId());
			}
			catch (ProblemException ex) {
				log.warn("Import {} is broken off, and nobody could be told: {}", upload.importId(), ex.getMessage());
			}
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * A request with an upload.
	 */
	@FunctionalInterface
	interface Visit extends AutoCloseable {

		@Override
		void close();

	}

}
