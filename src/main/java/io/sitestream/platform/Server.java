package io.sitestream.platform;

/**
 * A server that a module may need. A process connects only to those that its modules
 * need.
 */
public enum Server {

	KAFKA, REDIS, POSTGRESQL

}
