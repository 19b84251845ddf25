package io.sitestream.projection;

/**
 * What a generation of a projection is there for.
 */
enum GenerationState {

	/** It is filled from the topic's start. */
	FILLING,

	/** It is compared with the serving one. */
	COMPARING,

	/** It differs from the serving one: an operator has to accept or cancel it. */
	WAITING,

	/** Readers read it. */
	SERVING,

	/** It served before and is kept for a rollback. */
	STANDBY,

	/** Nobody writes it any more, and what it has is removed. */
	DROPPED;

	/**
	 * Whether a rebuild is going on with it.
	 */
	boolean isRebuild() {
		return this == FILLING || this == COMPARING || this == WAITING;
	}

}
