package io.sitestream.kvstore;

/**
 * Values as they are.
 */
record RawCodec() implements Codec<byte[]> {

	@Override
	public String name() {
		return "raw";
	}

	@Override
	public String contentType() {
		return "application/octet-stream";
	}

	@Override
	public byte[] read(byte[] bytes) {
		return bytes;
	}

	@Override
	public byte[] write(byte[] value) {
		return value;
	}

}
