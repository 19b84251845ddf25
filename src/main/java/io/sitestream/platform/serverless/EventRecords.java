package io.sitestream.platform.serverless;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.RawRecord;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Makes the records again that events were made of. A KafkaSource of Knative does it in
 * two ways. A record with the headers of a CloudEvent, as all of ours, is passed on as
 * that event: its key is the attribute {@code partitionkey} that it was written with, and
 * where it lies is in {@code knativekafkatopic}, {@code knativekafkapartition} and
 * {@code knativekafkaoffset}. Any other record becomes the data of an event of type
 * {@code dev.knative.kafka.event}, whose source ends with the topic, whose subject is the
 * position, and which has the headers as attributes, their names without anything but
 * letters and digits.
 *
 * @see <a href= "https://knative.dev/docs/eventing/sources/kafka-source/">KafkaSource</a>
 */
@Component
class EventRecords {

	static final String KAFKA_EVENT = "dev.knative.kafka.event";

	private static final String KNATIVE = "knativekafka";

	private static final String HEADER = "kafkaheader";

	private static final Pattern SUBJECT = Pattern.compile("partition:(\\d{1,9})#(?:offset:)?(\\d{1,18})");

	private static final Pattern PLACE = Pattern.compile("(\\d{1,9})/(\\d{1,18})");

	private final Clock clock;

	EventRecords(Clock clock) {
		this.clock = clock;
	}

	/**
	 * The record that an event was made of.
	 * @param event the event
	 * @param trace the trace that the request belongs to, for records that have none
	 * @param function the function that is called with it
	 * @param topics the topics of that function, at least one
	 * @return the record
	 * @throws ProblemException 409 {@code unplaced-event} if it does not say which record
	 * it is, 409 {@code foreign-topic} if that is no record of these topics
	 */
	RawRecord record(CloudEvent event, Map<String, String> trace, String function, Set<String> topics) {
		Map<String, String> headers = new LinkedHashMap<>(trace);
		headers.putAll(isWrapped(event) ? wrapped(event) : passedOn(event));
		event.attribute(CloudEvent.CONTENT_TYPE).ifPresent((type) -> headers.put("content-type", type));
		byte[] key = event.attribute("key")
			.or(() -> event.attribute("partitionkey"))
			.map((text) -> text.getBytes(StandardCharsets.UTF_8))
			.orElse(null);
		return new RawRecord(position(event, function, topics), time(event), key, event.data(), Map.copyOf(headers),
				-1);
	}

	private static boolean isWrapped(CloudEvent event) {
		return event.required("type").equals(KAFKA_EVENT);
	}

	private static Position position(CloudEvent event, String function, Set<String> topics) {
		Matcher place = place(event).orElseThrow(() -> refused("unplaced-event",
				"Event '%s' does not say which record it is: expected are the attributes knativekafkapartition and knativekafkaoffset, or the type %s with the subject partition:<number>#<offset>."
					.formatted(event.required("id"), KAFKA_EVENT)));
		String topic = topic(event, topics);
		if (!topics.contains(topic)) {
			throw refused("foreign-topic", "Event '%s' is a record of topic '%s', but %s takes those of %s."
				.formatted(event.required("id"), topic, function, topics));
		}
		return new Position(topic, Integer.parseInt(place.group(1)), Long.parseLong(place.group(2)));
	}

	private static Optional<Matcher> place(CloudEvent event) {
		Optional<Matcher> told = event.attribute(KNATIVE + "partition")
			.flatMap((partition) -> event.attribute(KNATIVE + "offset").map((offset) -> partition + "/" + offset))
			.map(PLACE::matcher);
		return told
			.or(() -> isWrapped(event) ? event.attribute("subject").map(SUBJECT::matcher) : Optional.<Matcher>empty())
			.filter(Matcher::matches);
	}

	/** Older sources do not tell the topic of what they pass on. */
	private static String topic(CloudEvent event, Set<String> topics) {
		String source = event.required("source");
		return event.attribute(KNATIVE + "topic")
			.or(() -> isWrapped(event) ? Optional.of(source.substring(source.indexOf('#') + 1)) : Optional.empty())
			.orElseGet(() -> (topics.size() == 1) ? topics.iterator().next() : "");
	}

	/**
	 * Whoever sends this to the wrong place shall send it again when that is put right.
	 */
	private static ProblemException refused(String slug, String detail) {
		return new ProblemException(HttpStatus.CONFLICT, slug, detail + " Nothing was processed.");
	}

	private static Map<String, String> wrapped(CloudEvent event) {
		Map<String, String> headers = new LinkedHashMap<>();
		event.attributes().forEach((attribute, value) -> {
			if (attribute.startsWith(HEADER)) {
				String name = attribute.substring(HEADER.length());
				headers.put(name, value);
				if (name.startsWith("ce")) {
					headers.put("ce_" + name.substring(2), value);
				}
			}
		});
		return headers;
	}

	private static Map<String, String> passedOn(CloudEvent event) {
		Map<String, String> headers = new LinkedHashMap<>();
		event.attributes().forEach((attribute, value) -> {
			if (!attribute.startsWith(KNATIVE) && !attribute.equals(CloudEvent.CONTENT_TYPE)) {
				headers.put("ce_" + attribute, value);
			}
		});
		return headers;
	}

	private Instant time(CloudEvent event) {
		try {
			return event.attribute("time")
				.map((time) -> OffsetDateTime.parse(time).toInstant())
				.orElseGet(this.clock::instant);
		}
		catch (DateTimeException ex) {
			return this.clock.instant();
		}
	}

}
