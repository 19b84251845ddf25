package io.sitestream.kvstore;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

import org.jspecify.annotations.Nullable;

/**
 * How a checkpoint looks in a file: a magic number, the version of this format, the
 * header, the bookmarks, the records, and the CRC32C of all before. Numbers are big
 * endian; bytes and texts (UTF-8) follow their length, which is -1 for none.
 */
final class CheckpointFormat {

	private static final int MAGIC = 0x53534B56;

	private static final int VERSION = 1;

	private CheckpointFormat() {
	}

	static void write(Checkpoint checkpoint, OutputStream file) throws IOException {
		CheckedOutputStream checked = new CheckedOutputStream(file, new CRC32C());
		DataOutputStream out = new DataOutputStream(checked);
		out.writeInt(MAGIC);
		out.writeInt(VERSION);
		write(checkpoint.topic(), out);
		write(checkpoint.topicId(), out);
		write(checkpoint.codec(), out);
		out.writeLong(checkpoint.current().toEpochMilli());
		out.writeInt(checkpoint.bookmarks().size());
		for (Map.Entry<Integer, Bookmark> bookmark : checkpoint.bookmarks().entrySet()) {
			out.writeInt(bookmark.getKey());
			out.writeLong(bookmark.getValue().offset());
			out.writeInt(bookmark.getValue().leaderEpoch());
		}
		out.writeInt(checkpoint.records().size());
		for (StoredRecord record : checkpoint.records()) {
			out.writeInt(record.partition());
			out.writeLong(record.offset());
			write(record.key(), out);
			write(record.value(), out);
		}
		out.writeLong(checked.getChecksum().getValue());
		out.flush();
	}

	/**
	 * Reads a checkpoint.
	 * @param file the bytes
	 * @param size how many there are: no length within can be greater
	 * @return the checkpoint
	 * @throws CorruptCheckpointException if the bytes are not what was written, or of
	 * another version of this format
	 * @throws IOException if they cannot be read
	 */
	static Checkpoint read(InputStream file, long size) throws IOException {
		CheckedInputStream checked = new CheckedInputStream(file, new CRC32C());
		try {
			DataInputStream in = new DataInputStream(checked);
			require(in.readInt() == MAGIC, "It does not begin as a checkpoint.");
			int version = in.readInt();
			require(version == VERSION, "It has format %d, expected %d.".formatted(version, VERSION));
			String topic = readText(in, size);
			String topicId = readText(in, size);
			String codec = readText(in, size);
			Instant current = Instant.ofEpochMilli(in.readLong());
			Map<Integer, Bookmark> bookmarks = readBookmarks(in, size);
			List<StoredRecord> records = readRecords(in, size);
			long checksum = checked.getChecksum().getValue();
			require(in.readLong() == checksum, "Its checksum does not fit.");
			require(in.read() < 0, "Something follows behind its checksum.");
			return new Checkpoint(topic, topicId, codec, current, bookmarks, records);
		}
		catch (EOFException ex) {
			throw new CorruptCheckpointException("It ends too early.");
		}
	}

	private static Map<Integer, Bookmark> readBookmarks(DataInputStream in, long size) throws IOException {
		int count = readLength(in, size);
		Map<Integer, Bookmark> bookmarks = new TreeMap<>();
		for (int i = 0; i < count; i++) {
			bookmarks.put(in.readInt(), new Bookmark(in.readLong(), in.readInt()));
		}
		return bookmarks;
	}

	private static List<StoredRecord> readRecords(DataInputStream in, long size) throws IOException {
		int count = readLength(in, size);
		List<StoredRecord> records = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			records.add(new StoredRecord(in.readInt(), in.readLong(), readBytes(in, size), readBytes(in, size)));
		}
		return records;
	}

	private static void write(String text, DataOutputStream out) throws IOException {
		write(text.getBytes(StandardCharsets.UTF_8), out);
	}

	private static void write(byte @Nullable [] bytes, DataOutputStream out) throws IOException {
		if (bytes == null) {
			out.writeInt(-1);
			return;
		}
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static String readText(DataInputStream in, long size) throws IOException {
		byte[] bytes = readBytes(in, size);
		if (bytes == null) {
			throw new CorruptCheckpointException("A name is missing.");
		}
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private static byte @Nullable [] readBytes(DataInputStream in, long size) throws IOException {
		int length = in.readInt();
		if (length == -1) {
			return null;
		}
		require(length >= 0 && length <= size, "A length is %d.".formatted(length));
		byte[] bytes = new byte[length];
		in.readFully(bytes);
		return bytes;
	}

	private static int readLength(DataInputStream in, long size) throws IOException {
		int length = in.readInt();
		require(length >= 0 && length <= size, "A length is %d.".formatted(length));
		return length;
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new CorruptCheckpointException(otherwise);
		}
	}

}
