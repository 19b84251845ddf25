package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import io.sitestream.contactjobs.UploadFingerprint;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Account;
import io.sitestream.platform.Problem;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The imports of an account, from this instance's own store. An import of another account
 * is as unknown as one that never was.
 */
@Component
public class ContactImports {

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private static final Comparator<ContactImport> NEWEST_FIRST = Comparator.comparing(ContactImport::startedAt)
		.thenComparing(ContactImport::importId)
		.reversed();

	private final KeyValueStore<TrackedImport> store;

	ContactImports(KeyValueStore<TrackedImport> contactImportStore) {
		this.store = contactImportStore;
	}

	/**
	 * Looks up an import.
	 * @param account whose it is
	 * @param importId the import
	 * @return the import
	 * @throws ProblemException 404 {@code unknown-import}
	 */
	ContactImport get(Account account, String importId) {
		return this.store.find(importId)
			.filter((tracked) -> tracked.account().equals(account.id()))
			.map(TrackedImport::contactImport)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-import",
					"Account '%s' has no import '%s'. Its imports are listed at /api/contact-imports."
						.formatted(account.id(), importId)));
	}

	/**
	 * Lists imports, newest first.
	 * @param account whose they are
	 * @param after the import after which to begin, or {@code null} for the newest
	 * @param most how many at most
	 * @return the imports
	 * @throws ProblemException 404 {@code unknown-import} if {@code after} is none of
	 * them
	 */
	List<ContactImport> list(Account account, @Nullable String after, int most) {
		Optional<ContactImport> last = Optional.ofNullable(after).map((importId) -> get(account, importId));
		return this.store.all()
			.values()
			.stream()
			.filter((tracked) -> tracked.account().equals(account.id()))
			.map(TrackedImport::contactImport)
			.filter((found) -> last.isEmpty() || NEWEST_FIRST.compare(last.get(), found) < 0)
			.sorted(NEWEST_FIRST)
			.limit(most)
			.toList();
	}

	/**
	 * Waits until this instance's store shows an import.
	 * @param importId the import
	 * @param timeout how long to wait
	 * @return whether it does
	 */
	public boolean awaitShown(String importId, Duration timeout) {
		return await(importId, timeout, (found) -> true);
	}

	/**
	 * Waits until this instance's store shows that an import is no longer running.
	 * @param importId the import
	 * @param timeout how long to wait
	 * @return whether it does
	 */
	public boolean awaitEnded(String importId, Duration timeout) {
		return await(importId, timeout, (found) -> found.state() != State.RUNNING);
	}

	private boolean await(String importId, Duration timeout, Predicate<ContactImport> expected) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!this.store.isReady() || find(importId).filter(expected).isEmpty()) {
			if (System.nanoTime() - deadline > 0) {
				return false;
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
		return true;
	}

	/**
	 * Refuses what would wait in vain for this instance to show an import.
	 */
	public void requireFollowing() {
		this.store.requireFollowing();
	}

	public Optional<ContactImport> find(String importId) {
		return this.store.find(importId).map(TrackedImport::contactImport);
	}

	/**
	 * What is known of the upload that made an import.
	 * @param importId the import
	 * @return its fingerprint, if it had an idempotency key
	 */
	public Optional<UploadFingerprint> findFingerprint(String importId) {
		return this.store.find(importId).map(TrackedImport::fingerprint);
	}

	/**
	 * Why an import has failed, as far as this instance knows.
	 * @param importId the import
	 * @return the problem, if it has failed and the store can be asked
	 */
	public Optional<Problem> findProblem(String importId) {
		return this.store.isReady() ? find(importId).map(ContactImport::problem) : Optional.empty();
	}

	/**
	 * Whether an import was made by an upload, and not by an earlier one with the same
	 * idempotency key.
	 * @param importId the import
	 * @param uploadId the upload
	 * @return whether it was
	 */
	public boolean isOf(String importId, String uploadId) {
		return this.store.find(importId).filter((tracked) -> uploadId.equals(tracked.uploadId())).isPresent();
	}

}
