package io.sitestream.contactjobs;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * A CSV file of any size that is made while it is read. No two rows mean the same
 * contact.
 */
public final class GeneratedFile extends InputStream {

	private final String name;

	private final BooleanSupplier goesOn;

	private long rows;

	private long bytes;

	private byte[] line = "name,email,phone,company,colour\n".getBytes(StandardCharsets.UTF_8);

	private int next;

	private GeneratedFile(String name, BooleanSupplier goesOn) {
		this.name = name;
		this.goesOn = goesOn;
	}

	/**
	 * A file of so many rows.
	 * @param name part of all e-mail addresses
	 * @param rows how many
	 * @return the file
	 */
	public static GeneratedFile ofRows(String name, long rows) {
		GeneratedFile[] file = new GeneratedFile[1];
		file[0] = new GeneratedFile(name, () -> file[0].rows < rows);
		return file[0];
	}

	/**
	 * A file of about that size.
	 * @param name part of all e-mail addresses
	 * @param bytes how many bytes at least
	 * @return the file
	 */
	public static GeneratedFile ofBytes(String name, long bytes) {
		GeneratedFile[] file = new GeneratedFile[1];
		file[0] = new GeneratedFile(name, () -> file[0].bytes < bytes);
		return file[0];
	}

	/**
	 * A file without end.
	 * @param name part of all e-mail addresses
	 * @param goesOn is asked before each row; may take its time
	 * @return the file
	 */
	public static GeneratedFile until(String name, BooleanSupplier goesOn) {
		return new GeneratedFile(name, goesOn);
	}

	/**
	 * How many rows were read so far.
	 * @return the number
	 */
	public long rows() {
		return this.rows;
	}

	@Override
	public int read() {
		return fill() ? this.line[this.next++] & 0xFF : -1;
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		int read = 0;
		while (read < length && fill()) {
			int part = Math.min(length - read, this.line.length - this.next);
			System.arraycopy(this.line, this.next, target, offset + read, part);
			this.next += part;
			read += part;
		}
		return (read > 0 || length == 0) ? read : -1;
	}

	private boolean fill() {
		if (this.next == this.line.length && this.goesOn.getAsBoolean()) {
			this.rows++;
			this.line = "Person %1$d,person%1$d@%2$s.example.org,+4930%1$08d,Company %3$d,colour %3$d\n"
				.formatted(this.rows, this.name, this.rows % 1000)
				.getBytes(StandardCharsets.UTF_8);
			this.bytes += this.line.length;
			this.next = 0;
		}
		return this.next < this.line.length;
	}

}
