package io.sitestream.platform.serverless;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.springframework.http.HttpHeaders;

/**
 * Reads events whose attributes are headers and whose data is the body, which is how a
 * KafkaSource sends them. A body without a byte is no data.
 *
 * @see <a href=
 * "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md">CloudEvents
 * 1.0, HTTP protocol binding, 3.1</a>
 */
final class BinaryEvents {

	private static final String PREFIX = "ce-";

	private BinaryEvents() {
	}

	static CloudEvent read(HttpHeaders headers, byte[] body) {
		Map<String, String> attributes = new LinkedHashMap<>();
		headers.forEach((header, values) -> {
			String name = header.toLowerCase(Locale.ROOT);
			if (name.startsWith(PREFIX) && !values.isEmpty()) {
				attributes.put(name.substring(PREFIX.length()), decoded(name, unquoted(values.getLast())));
			}
		});
		String contentType = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (contentType != null) {
			attributes.put(CloudEvent.CONTENT_TYPE, contentType);
		}
		return new CloudEvent(Map.copyOf(attributes), (body.length > 0) ? body : null);
	}

	/** A value may be a quoted string of HTTP, though none has to be. */
	private static String unquoted(String value) {
		boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
		return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
	}

	/** Other characters than those of ASCII come as percent-encoded UTF-8. */
	private static String decoded(String header, String value) {
		if (value.indexOf('%') < 0) {
			return value;
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
		for (int i = 0; i < value.length(); i++) {
			char next = value.charAt(i);
			boolean encoded = next == '%' && i + 2 < value.length() && HexFormat.isHexDigit(value.charAt(i + 1))
					&& HexFormat.isHexDigit(value.charAt(i + 2));
			if (encoded) {
				bytes.write(HexFormat.fromHexDigits(value, i + 1, i + 3));
				i += 2;
			}
			else {
				bytes.writeBytes(Character.toString(next).getBytes(StandardCharsets.UTF_8));
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			throw CloudEvent.invalid("header %s is '%s', which is no percent-encoded UTF-8".formatted(header, value));
		}
	}

}
