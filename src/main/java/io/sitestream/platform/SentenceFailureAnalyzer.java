package io.sitestream.platform;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/**
 * Says in one sentence why the start was refused, for the refusals that are ours.
 */
class SentenceFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof RefusedStartException) {
				return new FailureAnalysis(String.valueOf(cause.getMessage()), "", failure);
			}
		}
		return null;
	}

}
