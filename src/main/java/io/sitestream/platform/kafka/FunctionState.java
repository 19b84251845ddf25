package io.sitestream.platform.kafka;

/**
 * What a function of this process is doing.
 */
enum FunctionState {

	/** It processes what comes. */
	RUNNING,

	/** A batch failed, or cannot be committed, and comes again. */
	RETRYING,

	/** An operator paused its binding. */
	PAUSED,

	/** An operator stopped its binding, or its consumer has ended. */
	STOPPED,

	/** Its binding has not started yet, since Kafka does not answer. */
	UNBOUND,

	/** It is called by others, and its last call succeeded. */
	CALLED,

	/** Its last call failed. */
	FAILING;

	/**
	 * Whether records wait until an operator or Kafka comes.
	 * @return whether it does not run
	 */
	boolean isOut() {
		return this == PAUSED || this == STOPPED || this == UNBOUND;
	}

}
