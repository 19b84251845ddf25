package io.sitestream.notification;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A frame as a client sees it.
 *
 * @param command the command
 * @param headers the headers, unescaped
 * @param body the body
 */
public record StompTestFrame(String command, Map<String, String> headers, String body) {

	private static final JsonMapper JSON = new JsonMapper();

	static StompTestFrame parse(String text) {
		int end = text.indexOf("\n\n");
		String[] lines = text.substring(0, end).split("\n");
		Map<String, String> headers = new LinkedHashMap<>();
		Arrays.stream(lines).skip(1).forEach((line) -> {
			int colon = line.indexOf(':');
			headers.putIfAbsent(unescape(line.substring(0, colon)), unescape(line.substring(colon + 1)));
		});
		return new StompTestFrame(lines[0], headers, text.substring(end + 2));
	}

	public boolean isMessage() {
		return this.command.equals("MESSAGE");
	}

	public long position() {
		return Long.parseLong(header("position"));
	}

	public String epoch() {
		return header("epoch");
	}

	public String type() {
		return header("type");
	}

	/**
	 * The body, read as JSON.
	 * @return the body
	 */
	public JsonNode json() {
		return JSON.readTree(this.body);
	}

	public String header(String name) {
		String value = this.headers.get(name);
		if (value == null) {
			throw new AssertionError("No header '%s' in %s".formatted(name, this));
		}
		return value;
	}

	private static String unescape(String value) {
		return value.replace("\\c", ":").replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\");
	}

}
