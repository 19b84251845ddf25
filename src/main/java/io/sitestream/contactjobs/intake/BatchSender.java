package io.sitestream.contactjobs.intake;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ImportBatchRequested;
import io.sitestream.platform.BrokerUnavailableException;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import org.jspecify.annotations.Nullable;

/**
 * Sends the batches of one upload, a few ahead of their acknowledgements and no more: a
 * slow broker slows down the reading from the socket, and memory stays flat.
 */
final class BatchSender {

	private static final int AHEAD = 8;

	private final Emitter emitter;

	private final Semaphore free = new Semaphore(AHEAD);

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	BatchSender(Emitter emitter) {
		this.emitter = emitter;
	}

	/**
	 * Sends a batch, as soon as not too many are on their way.
	 * @param batch the batch
	 * @throws BrokerUnavailableException if one of those before was not taken
	 */
	void send(ImportBatchRequested batch) {
		this.free.acquireUninterruptibly();
		throwFailure();
		this.emitter.send(Emission.of(ContactImportTopics.CONTACT_IMPORT_BATCHES, batch.key(), batch))
			.whenComplete((position, ex) -> {
				if (ex != null) {
					this.failure.compareAndSet(null, ex);
				}
				this.free.release();
			});
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
