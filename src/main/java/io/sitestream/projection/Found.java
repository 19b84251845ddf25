package io.sitestream.projection;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a writer found of one key.
 *
 * @param view the stored view
 * @param intents the entries that somebody intended and has not come to finish
 */
record Found(@Nullable StoredView view, List<Intent> intents) {

	long version() {
		return (this.view != null) ? this.view.version() : 0;
	}

	long offset() {
		return (this.view != null) ? this.view.offset() : StoredView.UNKNOWN;
	}

	boolean isMarker() {
		return this.view != null && this.view.isMarker();
	}

	/** The number of views that this is. */
	int count() {
		return (this.view != null && !this.view.isMarker()) ? 1 : 0;
	}

	/**
	 * The intents that are done with when a version is written.
	 */
	List<Intent> intentsUpTo(long version) {
		return this.intents.stream().filter((intent) -> intent.version() <= version).toList();
	}

}
