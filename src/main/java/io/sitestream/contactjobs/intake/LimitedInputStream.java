package io.sitestream.contactjobs.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Ends with a {@link FileTooLargeException} where a stream goes on beyond a limit.
 */
final class LimitedInputStream extends FilterInputStream {

	private final long limit;

	private long count;

	LimitedInputStream(InputStream in, long limit) {
		super(in);
		this.limit = limit;
	}

	@Override
	public int read() throws IOException {
		int read = super.read();
		if (read >= 0) {
			count(1);
		}
		return read;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		int read = super.read(bytes, offset, length);
		if (read > 0) {
			count(read);
		}
		return read;
	}

	private void count(int more) throws IOException {
		this.count += more;
		if (this.count > this.limit) {
			throw new FileTooLargeException(this.limit);
		}
	}

}
