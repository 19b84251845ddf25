package io.sitestream.site;

/**
 * How a change of a site gets into the database and onto the topic.
 */
enum WritePath {

	/** A command goes through Kafka; its consumer writes the database and the topic. */
	CONSUMER,

	/**
	 * The request writes the database; what it left in {@code site.changes} is streamed
	 * to the topic.
	 */
	CDC

}
