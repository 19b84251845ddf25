package io.sitestream.projection;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * Long tasks, one at a time, in a thread of their own. To be used by one thread.
 */
final class Chores implements AutoCloseable {

	private final ExecutorService thread;

	private @Nullable Future<?> current;

	Chores(String name) {
		this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
	}

	/**
	 * Begins a task, unless the one before is still under way.
	 * @param task what to do; its failures are its own matter
	 */
	void unlessBusy(Runnable task) {
		if (this.current == null || this.current.isDone()) {
			this.current = this.thread.submit(task);
		}
	}

	/** Interrupts the task. */
	@Override
	public void close() {
		this.thread.shutdownNow();
	}

}
