package io.sitestream.kvstore;

import io.sitestream.platform.RecordFormat;

/**
 * Values as JSON.
 *
 * @param format how JSON looks in Kafka
 * @param type the type of the values
 * @param <V> the type of the values
 */
record JsonCodec<V>(RecordFormat format, Class<V> type) implements Codec<V> {

	@Override
	public String name() {
		return "json " + this.type.getName();
	}

	@Override
	public String contentType() {
		return "application/json";
	}

	@Override
	public V read(byte[] bytes) {
		return this.format.read(bytes, this.type);
	}

	@Override
	public byte[] write(V value) {
		return this.format.write(value);
	}

}
