package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Account;
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
	 * Lists imports, newest first, which is the order of their ids backwards.
	 * @param account whose they are
	 * @param after the import after which to begin, or {@code null} for the newest
	 * @param most how many at most
	 * @return the imports
	 */
	List<ContactImport> list(Account account, @Nullable String after, int most) {
		NavigableMap<String, TrackedImport> newestFirst = this.store.all().descendingMap();
		NavigableMap<String, TrackedImport> rest = (after != null) ? newestFirst.tailMap(after, false) : newestFirst;
		return rest.values()
			.stream()
			.filter((tracked) -> tracked.account().equals(account.id()))
			.map(TrackedImport::contactImport)
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
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!isShown(importId)) {
			if (System.nanoTime() - deadline > 0) {
				return false;
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
		return true;
	}

	private boolean isShown(String importId) {
		return this.store.isReady() && this.store.containsKey(importId);
	}

}
