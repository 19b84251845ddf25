package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One index key of one generation.
 *
 * @param entries its entries
 * @param members its members
 */
record IndexSide(Map<String, byte @Nullable []> entries, Set<String> members) {

	static IndexSide of(Object entries, Object members) {
		Map<String, byte @Nullable []> byKey = new LinkedHashMap<>();
		((Map<?, ?>) entries).forEach((key, value) -> byKey.put(text(key), (byte[]) value));
		Set<String> keys = new LinkedHashSet<>();
		((List<?>) members).forEach((key) -> keys.add(text(key)));
		return new IndexSide(byKey, keys);
	}

	Set<String> keys(IndexSide other) {
		Set<String> keys = new LinkedHashSet<>(this.entries.keySet());
		keys.addAll(this.members);
		keys.addAll(other.entries.keySet());
		keys.addAll(other.members);
		return keys;
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

}
