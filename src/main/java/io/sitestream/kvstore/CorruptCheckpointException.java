package io.sitestream.kvstore;

/**
 * A checkpoint's bytes are not what was written.
 */
class CorruptCheckpointException extends RuntimeException {

	CorruptCheckpointException(String message) {
		super(message);
	}

}
