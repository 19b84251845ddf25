package io.sitestream.platform.kafka;

import java.util.Map;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.platform.UnprocessableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Reads raw records as the types of their topics.
 *
 * @param <T> what the values have in common
 */
final class RecordReader<T> {

	private final Map<String, Topic<? extends T>> topics;

	private final RecordFormat format;

	/**
	 * Creates a reader.
	 * @param topics the topics by full name
	 * @param format the form of the values
	 */
	RecordReader(Map<String, Topic<? extends T>> topics, RecordFormat format) {
		this.topics = topics;
		this.format = format;
	}

	/**
	 * Reads a record.
	 * @param raw the record as it came
	 * @return the record with key and value
	 * @throws UnprocessableRecordException if it has no key, or if its value is not what
	 * its topic holds
	 */
	Consumed<T> read(RawRecord raw) {
		Topic<? extends T> topic = this.topics.get(raw.position().topic());
		if (topic == null) {
			throw new IllegalStateException(
					"Record at %s, but only %s are read here.".formatted(raw.position(), this.topics.keySet()));
		}
		String key = raw.keyText();
		if (key == null) {
			throw new UnprocessableRecordException(raw.position(),
					"Record has no key: topic %s is keyed.".formatted(topic.name()));
		}
		return new Consumed<>(topic, key, value(topic, raw), raw.headers(), raw.position(), raw.timestamp());
	}

	private @Nullable T value(Topic<? extends T> topic, RawRecord raw) {
		if (raw.value() == null) {
			return null;
		}
		try {
			return this.format.read(raw.value(), topic.type());
		}
		catch (IllegalArgumentException ex) {
			throw new UnprocessableRecordException(raw.position(), String.valueOf(ex.getMessage()), ex);
		}
	}

}
