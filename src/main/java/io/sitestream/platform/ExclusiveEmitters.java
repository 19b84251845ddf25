package io.sitestream.platform;

/**
 * Lets one process at a time emit to compacted topics from outside of functions, such as
 * the one that follows a database's log.
 */
public interface ExclusiveEmitters {

	/**
	 * Takes a name over. Whoever had it before can emit nothing from now on, and what it
	 * was emitting is either visible as a whole or never will be.
	 * @param name the name, the same in every process that may have it
	 * @param marks a compacted topic of one partition for what is emitted together with
	 * {@link ExclusiveEmitter#mark() marks}; the name is the key
	 * @param <T> what a mark is
	 * @return the emitter, to be closed
	 * @throws RuntimeException if Kafka does not answer
	 */
	<T> ExclusiveEmitter<T> takeOver(String name, Topic<T> marks);

}
