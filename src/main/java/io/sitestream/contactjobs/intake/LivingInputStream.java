package io.sitestream.contactjobs.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Gives a sign of life from time to time while a stream is read. Bytes must really come:
 * a reader that hangs gives none.
 */
final class LivingInputStream extends FilterInputStream {

	private final long interval;

	private @Nullable Signs signs;

	private long last;

	private long count;

	LivingInputStream(InputStream in, Duration interval) {
		super(in);
		this.interval = interval.toNanos();
	}

	/**
	 * Begins to give signs.
	 * @param signs hears of each
	 */
	void begin(Signs signs) {
		this.signs = signs;
		this.last = System.nanoTime();
	}

	@Override
	public int read() throws IOException {
		int read = super.read();
		live();
		return read;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		int read = super.read(bytes, offset, length);
		live();
		return read;
	}

	private void live() throws IOException {
		if (this.signs != null && System.nanoTime() - this.last >= this.interval) {
			this.last = System.nanoTime();
			this.signs.give(++this.count);
		}
	}

	/**
	 * Hears of signs of life.
	 */
	interface Signs {

		/**
		 * A sign is due.
		 * @param count how many there are by now, this one included
		 * @throws IOException to end the reading
		 */
		void give(long count) throws IOException;

	}

}
