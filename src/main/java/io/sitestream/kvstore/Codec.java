package io.sitestream.kvstore;

import io.sitestream.platform.RecordFormat;

/**
 * How the values of a store are read and written. Keys are texts in UTF-8 whatever the
 * codec. Used by several threads.
 *
 * @param <V> the type of the values
 */
public interface Codec<V> {

	/**
	 * Names this codec and its version in checkpoints: a checkpoint of another name is
	 * refused. A checkpoint holds values as they came, so a type that has learned to read
	 * more needs no new name.
	 * @return the name
	 */
	String name();

	/**
	 * The media type of what is written.
	 * @return the value of the header {@code content-type}
	 */
	String contentType();

	/**
	 * Reads a value.
	 * @param bytes the value as it came
	 * @return the value
	 * @throws IllegalArgumentException if that cannot be read. The message is the cause
	 * that an operator sees in the quarantine
	 */
	V read(byte[] bytes);

	byte[] write(V value);

	static <V> Codec<V> json(RecordFormat format, Class<V> type) {
		return new JsonCodec<>(format, type);
	}

	/**
	 * Values as they are. Nobody may change an array that a store was given or gave.
	 * @return the codec
	 */
	static Codec<byte[]> raw() {
		return new RawCodec();
	}

}
