package io.sitestream.platform.serverless;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.FunctionCalls;
import io.sitestream.platform.FunctionFailedException;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.TraceHeaders;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * The functions of this process over HTTP. Answers 202 when every record of the request
 * is processed, or kept as a dead letter. What a KafkaSource sends is never lost by
 * another answer: it repeats after 404, 408, 409, 429 and 5xx, and what is answered with
 * another status it could not have sent.
 *
 * @see <a href=
 * "https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md">Knative
 * Eventing, data plane contract, event acknowledgement and delivery retry</a>
 */
@RestController
@ConditionalOnProperty(name = "sitestream.serving", havingValue = "http")
class FunctionsController {

	/** In bytes: twice the largest dead letter, so that one fits in base64, too. */
	private static final int LARGEST = 8 * 1024 * 1024;

	private static final String RETRY_AFTER_SECONDS = "5";

	private final ObjectProvider<FunctionCalls> calls;

	private final EventRecords records;

	FunctionsController(ObjectProvider<FunctionCalls> calls, EventRecords records) {
		this.calls = calls;
		this.records = records;
	}

	@PostMapping("/functions/{function}")
	ResponseEntity<Void> call(@PathVariable String function, @RequestHeader HttpHeaders headers,
			HttpServletRequest request) throws IOException {
		Map<String, Set<String>> callable = this.calls.getObject().callable();
		Set<String> topics = callable.get(function);
		if (topics == null) {
			throw unknown("Function '%s' is not called here.".formatted(function), callable.keySet());
		}
		return call(function, topics, headers, body(request));
	}

	/**
	 * A source may name a service without a path.
	 */
	@PostMapping("/")
	ResponseEntity<Void> callTheOnlyOne(@RequestHeader HttpHeaders headers, HttpServletRequest request)
			throws IOException {
		Map<String, Set<String>> callable = this.calls.getObject().callable();
		if (callable.size() != 1) {
			throw unknown("The path names none of %d functions.".formatted(callable.size()), callable.keySet());
		}
		Map.Entry<String, Set<String>> only = callable.entrySet().iterator().next();
		return call(only.getKey(), only.getValue(), headers, body(request));
	}

	private ResponseEntity<Void> call(String function, Set<String> topics, HttpHeaders headers, byte[] body) {
		Map<String, String> trace = trace(headers);
		List<RawRecord> batch = events(headers, body).stream()
			.map((event) -> this.records.record(event, trace, function, topics))
			.toList();
		try {
			if (!batch.isEmpty()) {
				this.calls.getObject().call(function, batch);
			}
			return ResponseEntity.accepted().build();
		}
		catch (FunctionFailedException ex) {
			throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "function-failed",
					"%s. It counts as not processed: send it again.".formatted(ex.getMessage()), ex)
				.withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
		}
	}

	private static Map<String, String> trace(HttpHeaders headers) {
		Map<String, String> trace = new HashMap<>();
		for (String name : List.of(TraceHeaders.PARENT, TraceHeaders.STATE)) {
			String value = headers.getFirst(name);
			if (value != null) {
				trace.put(name, value);
			}
		}
		return TraceHeaders.of(trace);
	}

	private static List<CloudEvent> events(HttpHeaders headers, byte[] body) {
		String contentType = String.valueOf(headers.getFirst(HttpHeaders.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
		if (contentType.startsWith("application/cloudevents-batch+json")) {
			return JsonEvents.several(body);
		}
		if (contentType.startsWith("application/cloudevents+json")) {
			return List.of(JsonEvents.one(body));
		}
		if (contentType.startsWith("application/cloudevents")) {
			throw CloudEvent.invalid("its Content-Type is '%s'".formatted(contentType));
		}
		return List.of(BinaryEvents.read(headers, body));
	}

	private static byte[] body(HttpServletRequest request) throws IOException {
		InputStream body = request.getInputStream();
		byte[] bytes = body.readNBytes(LARGEST + 1);
		if (bytes.length > LARGEST) {
			throw new ProblemException(HttpStatus.CONTENT_TOO_LARGE, "body-too-large",
					"The body has more than %d bytes, which is the most that is read: send fewer events at a time."
						.formatted(LARGEST));
		}
		return bytes;
	}

	private static ProblemException unknown(String fault, Set<String> callable) {
		return new ProblemException(HttpStatus.NOT_FOUND, "unknown-function",
				"%s POST to /functions/<name> with one of: %s.".formatted(fault, String.join(", ", callable)));
	}

}
