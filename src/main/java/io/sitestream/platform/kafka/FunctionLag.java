package io.sitestream.platform.kafka;

import org.jspecify.annotations.Nullable;

/**
 * How many records a function is behind.
 *
 * @param records the number; offsets of transactions that are still open are counted
 * @param unknown why it is not known, or {@code null} if it is
 */
record FunctionLag(long records, @Nullable String unknown) {

	static FunctionLag of(long records) {
		return new FunctionLag(records, null);
	}

	static FunctionLag unknown(String reason) {
		return new FunctionLag(0, reason);
	}

	boolean isKnown() {
		return this.unknown == null;
	}

}
