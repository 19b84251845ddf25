package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Index entries to be written, by index key.
 */
final class IndexEntries {

	static final String PRESENT = "1";

	private static final byte[] PRESENCE = PRESENT.getBytes(StandardCharsets.US_ASCII);

	private final byte[] absence;

	private final Map<String, List<byte[]>> arguments = new HashMap<>();

	/**
	 * Begins with none.
	 * @param now dates absences, so that they can be removed one day
	 */
	IndexEntries(Instant now) {
		this.absence = ("0:" + now.getEpochSecond()).getBytes(StandardCharsets.US_ASCII);
	}

	void add(String indexKey, String key, long version, boolean present) {
		List<byte[]> list = this.arguments.computeIfAbsent(indexKey, (unused) -> new ArrayList<>());
		list.add(key.getBytes(StandardCharsets.UTF_8));
		list.add(Long.toString(version).getBytes(StandardCharsets.US_ASCII));
		list.add(present ? PRESENCE : this.absence);
	}

	boolean isEmpty() {
		return this.arguments.isEmpty();
	}

	/**
	 * What the script takes.
	 * @param action an index key and the script's arguments
	 */
	void forEach(BiConsumer<String, byte[][]> action) {
		this.arguments.forEach((indexKey, list) -> action.accept(indexKey, list.toArray(byte[][]::new)));
	}

}
