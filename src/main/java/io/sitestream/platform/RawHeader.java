package io.sitestream.platform;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A header of a record as it came: what is only passed on keeps its bytes, and a name may
 * come several times.
 *
 * @param name the name
 * @param value the value's bytes, or {@code null} for a header without value
 */
@SuppressWarnings("ArrayRecordComponent")
public record RawHeader(String name, byte @Nullable [] value) {

	public static RawHeader of(String name, String value) {
		return new RawHeader(name, value.getBytes(StandardCharsets.UTF_8));
	}

	static List<RawHeader> of(Map<String, String> headers) {
		return headers.entrySet().stream().map((header) -> of(header.getKey(), header.getValue())).toList();
	}

	/**
	 * The value as text.
	 * @return the value read as UTF-8, or {@code null} when there is none
	 */
	public @Nullable String text() {
		return (this.value != null) ? new String(this.value, StandardCharsets.UTF_8) : null;
	}

}
