/**
 * The real servers of the development run and of the tests: Apache Kafka in this process,
 * Redis and PostgreSQL as child processes.
 */
@NullMarked
package io.sitestream.servers;

import org.jspecify.annotations.NullMarked;
