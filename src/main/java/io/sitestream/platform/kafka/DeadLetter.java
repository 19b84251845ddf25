package io.sitestream.platform.kafka;

import io.sitestream.platform.RawRecord;

/**
 * A record that could not be processed, and why.
 *
 * @param origin the record as it came
 * @param cause why it could not be processed
 */
record DeadLetter(RawRecord origin, Throwable cause) {

}
