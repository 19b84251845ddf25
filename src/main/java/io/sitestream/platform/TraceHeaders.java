package io.sitestream.platform;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers that carry a trace from record to record.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class TraceHeaders {

	/** Which trace, and which span of it comes before. */
	public static final String PARENT = "traceparent";

	/** What vendors add. */
	public static final String STATE = "tracestate";

	private TraceHeaders() {
	}

	/**
	 * The trace headers among others.
	 * @param headers the headers of a record
	 * @return none, if the record belongs to no trace
	 */
	public static Map<String, String> of(Map<String, String> headers) {
		String parent = headers.get(PARENT);
		if (parent == null) {
			return Map.of();
		}
		Map<String, String> trace = new LinkedHashMap<>(Map.of(PARENT, parent));
		String state = headers.get(STATE);
		if (state != null) {
			trace.put(STATE, state);
		}
		return trace;
	}

}
