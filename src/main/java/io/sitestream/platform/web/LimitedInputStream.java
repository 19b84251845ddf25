package io.sitestream.platform.web;

import java.io.IOException;
import java.util.function.Supplier;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * A stream that fails when more is read than allowed, not when more is there.
 */
final class LimitedInputStream extends ServletInputStream {

	private final ServletInputStream body;

	private final Supplier<? extends RuntimeException> failure;

	private long left;

	LimitedInputStream(ServletInputStream body, long most, Supplier<? extends RuntimeException> failure) {
		this.body = body;
		this.left = most;
		this.failure = failure;
	}

	@Override
	public int read() throws IOException {
		int value = this.body.read();
		if (value >= 0) {
			count(1);
		}
		return value;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		int read = this.body.read(bytes, offset, length);
		count(Math.max(read, 0));
		return read;
	}

	private void count(int read) {
		this.left -= read;
		if (this.left < 0) {
			throw this.failure.get();
		}
	}

	@Override
	public int available() throws IOException {
		return this.body.available();
	}

	@Override
	public void close() throws IOException {
		this.body.close();
	}

	@Override
	public boolean isFinished() {
		return this.body.isFinished();
	}

	@Override
	public boolean isReady() {
		return this.body.isReady();
	}

	@Override
	public void setReadListener(ReadListener listener) {
		this.body.setReadListener(listener);
	}

}
