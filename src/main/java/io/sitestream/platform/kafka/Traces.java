package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.TraceHeaders;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Carries traces over Kafka. A record that a sampled request sends has its context in the
 * headers; a function opens a span for each record that has one, and what it emits
 * because of that record goes on from there, also when records of many traces come in one
 * poll. Records without a context cost nothing. Keys are no part of a span: those of
 * notifications are secrets.
 *
 * @see <a href=
 * "https://opentelemetry.io/docs/specs/semconv/messaging/kafka/">OpenTelemetry, semantic
 * conventions for Kafka</a>
 */
@Component
class Traces {

	private final ObjectProvider<Tracer> tracer;

	private final ObjectProvider<Propagator> propagator;

	Traces(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
		this.tracer = tracer;
		this.propagator = propagator;
	}

	/**
	 * The headers of the trace that this thread is in.
	 * @return none, if it is in none that is sampled
	 */
	Map<String, String> current() {
		Tracer known = this.tracer.getIfAvailable();
		Span span = (known != null) ? known.currentSpan() : null;
		return (span != null && Boolean.TRUE.equals(span.context().sampled())) ? headers(span) : Map.of();
	}

	/**
	 * Opens a span for each record that belongs to a trace.
	 * @param function the function that processes them
	 * @param records the records of a poll
	 * @param <T> the type of their values
	 * @return the records, each with the context of its span, to be closed
	 */
	<T> Processing<T> begin(String function, List<Consumed<T>> records) {
		Propagator known = this.propagator.getIfAvailable();
		if (known == null
				|| records.stream().noneMatch((record) -> record.headers().containsKey(TraceHeaders.PARENT))) {
			return new Processing<>(records, List.of());
		}
		List<Span> spans = new ArrayList<>();
		List<Consumed<T>> traced = new ArrayList<>(records.size());
		for (Consumed<T> record : records) {
			traced.add(
					record.headers().containsKey(TraceHeaders.PARENT) ? begin(known, function, record, spans) : record);
		}
		return new Processing<>(traced, spans);
	}

	private <T> Consumed<T> begin(Propagator known, String function, Consumed<T> record, List<Span> spans) {
		Span span = known.extract(record.headers(), Map::get)
			.name(function + " process")
			.kind(Span.Kind.CONSUMER)
			.tag("messaging.system", "kafka")
			.tag("messaging.operation.type", "process")
			.tag("messaging.destination.name", record.position().topic())
			.tag("messaging.destination.partition.id", Integer.toString(record.position().partition()))
			.tag("messaging.kafka.offset", Long.toString(record.position().offset()))
			.start();
		spans.add(span);
		Map<String, String> headers = new HashMap<>(record.headers());
		headers.putAll(headers(span));
		return new Consumed<>(record.topic(), record.key(), record.value(), Map.copyOf(headers), record.position(),
				record.timestamp());
	}

	private Map<String, String> headers(Span span) {
		Map<String, String> headers = new LinkedHashMap<>();
		this.propagator.ifAvailable(
				(known) -> known.inject(span.context(), headers, (carrier, name, value) -> headers.put(name, value)));
		return headers;
	}

	/**
	 * Records that are being processed, and their spans.
	 *
	 * @param records the records
	 * @param spans the open spans, of those that belong to a trace
	 * @param <T> the type of the records' values
	 */
	record Processing<T>(List<Consumed<T>> records, List<Span> spans) implements AutoCloseable {

		/**
		 * Lets emissions without a stated cause follow from the newest record with their
		 * key.
		 */
		List<Emission> caused(List<Emission> emissions) {
			if (this.spans.isEmpty()) {
				return emissions;
			}
			Map<String, Consumed<T>> newest = new HashMap<>();
			this.records.forEach((record) -> newest.put(record.key(), record));
			return emissions.stream().map((emission) -> {
				Consumed<T> cause = newest.get(emission.key());
				return (cause != null && !emission.headers().containsKey(TraceHeaders.PARENT))
						? emission.causedBy(cause) : emission;
			}).toList();
		}

		void failed(Throwable cause) {
			this.spans.forEach((span) -> span.error(cause));
		}

		@Override
		public void close() {
			this.spans.forEach(Span::end);
		}

	}

}
