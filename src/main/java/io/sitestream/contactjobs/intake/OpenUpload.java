package io.sitestream.contactjobs.intake;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.sitestream.platform.Problem;
import org.jspecify.annotations.Nullable;

/**
 * An upload that is being read. Whether it was through or broken off is decided once, by
 * whoever comes first. Safe for use by several threads.
 */
final class OpenUpload implements AutoCloseable {

	private final String importId;

	private final Consumer<OpenUpload> closed;

	/** Nothing as long as it is open. */
	private final AtomicReference<@Nullable Decision> decision = new AtomicReference<>();

	OpenUpload(String importId, Consumer<OpenUpload> closed) {
		this.importId = importId;
		this.closed = closed;
	}

	String importId() {
		return this.importId;
	}

	/**
	 * Ends the reading from outside.
	 * @param problem why
	 * @return whether it was still open
	 */
	boolean breakOff(Problem problem) {
		return this.decision.compareAndSet(null, new Decision(problem));
	}

	/**
	 * Says that the file was read to its end. From now on it is not broken off.
	 * @throws UploadGivenUpException if it was before
	 */
	void through() throws UploadGivenUpException {
		if (!this.decision.compareAndSet(null, new Decision(null))) {
			requireOpen();
		}
	}

	/**
	 * Looks whether to go on reading.
	 * @throws UploadGivenUpException if it was broken off
	 */
	void requireOpen() throws UploadGivenUpException {
		Decision decided = this.decision.get();
		if (decided != null && decided.problem() != null) {
			throw new UploadGivenUpException(decided.problem());
		}
	}

	@Override
	public void close() {
		this.closed.accept(this);
	}

	/**
	 * How it ended.
	 *
	 * @param problem why it was broken off, {@code null} if the file was read to its end
	 */
	private record Decision(@Nullable Problem problem) {

	}

}
