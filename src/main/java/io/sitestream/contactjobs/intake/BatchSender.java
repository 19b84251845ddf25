package io.sitestream.contactjobs.intake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.platform.BrokerUnavailableException;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import org.jspecify.annotations.Nullable;

/**
 * Sends the batches of one upload, a few ahead of their acknowledgements and no more than
 * the process has room for: a slow broker slows down the reading from the socket, and
 * memory stays flat.
 */
final class BatchSender {

	private static final int AHEAD = 8;

	private final Emitter emitter;

	private final SendWindow window;

	private final Semaphore free = new Semaphore(AHEAD);

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	BatchSender(Emitter emitter, SendWindow window) {
		this.emitter = emitter;
		this.window = window;
	}

	/**
	 * Sends a batch, as soon as not too many are on their way.
	 * @param batch the batch
	 * @param bytes its size
	 * @throws BrokerUnavailableException if one of those before was not taken
	 */
	void send(ImportBatchRequested batch, long bytes) {
		this.free.acquireUninterruptibly();
		int part = this.window.take(bytes);
		if (this.failure.get() != null) {
			this.window.giveBack(part);
			throwFailure();
		}
		sent(batch).whenComplete((position, ex) -> {
			if (ex != null) {
				this.failure.compareAndSet(null, ex);
			}
			this.window.giveBack(part);
			this.free.release();
		});
	}

	/** Whatever goes wrong, there is an end, and the window gets its part back. */
	private CompletableFuture<Position> sent(ImportBatchRequested batch) {
		try {
			return this.emitter.send(Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, batch.key(), batch));
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Waits until every batch is acknowledged.
	 * @throws BrokerUnavailableException if one was not taken
	 */
	void awaitAcknowledgements() {
		this.free.acquireUninterruptibly(AHEAD);
		this.free.release(AHEAD);
		throwFailure();
	}

	private void throwFailure() {
		Throwable failed = this.failure.get();
		if (failed == null) {
			return;
		}
		Throwable cause = (failed instanceof CompletionException && failed.getCause() != null) ? failed.getCause()
				: failed;
		throw (cause instanceof BrokerUnavailableException unavailable) ? unavailable
				: new BrokerUnavailableException(ContactImportTopics.CONTACT_IMPORT_BATCHES.name(), true);
	}

}
