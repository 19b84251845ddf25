package io.sitestream.platform.serverless.lambda;

import java.util.Map;

import io.sitestream.platform.FunctionFailedException;

/**
 * Some partitions of an event were not processed. Lambda takes it for a failed call, and
 * the mapping hands the whole event over again.
 */
class EventFailedException extends RuntimeException {

	/**
	 * Says what failed.
	 * @param function the function
	 * @param failed at least one partition, and why
	 */
	EventFailedException(String function, Map<String, FunctionFailedException> failed) {
		super("%s failed on %s, and wants the whole event again.".formatted(function,
				String.join(", ", failed.keySet())), failed.values().iterator().next());
	}

}
