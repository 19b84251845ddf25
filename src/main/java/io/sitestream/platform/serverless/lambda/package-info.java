/**
 * Functions that AWS Lambda calls with the events of a Kafka event source. Needs no
 * library of AWS: the runtime calls any class with a method for streams, and an event is
 * JSON.
 */
@NullMarked
package io.sitestream.platform.serverless.lambda;

import org.jspecify.annotations.NullMarked;
