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
	 * @throws UnprocessableRecordException if it has no key, is not in the partition of
	 * its key, or if its value is not what its topic holds or is another key's
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
		topic.misplacement(raw).ifPresent((fault) -> {
			throw new UnprocessableRecordException(raw.position(), fault);
		});
		return new Consumed<>(topic, key, value(topic, key, raw), raw.headers(), raw.position(), raw.timestamp());
	}

	private <V extends T> @Nullable T value(Topic<V> topic, String key, RawRecord raw) {
		if (raw.value() == null) {
			return null;
		}
		try {
			V value = this.format.read(raw.value(), topic.type());
			topic.disagreement(key, value).ifPresent((fault) -> {
				throw new IllegalArgumentException(fault);
			});
			return value;
		}
		catch (IllegalArgumentException ex) {
			throw new UnprocessableRecordException(raw.position(), String.valueOf(ex.getMessage()), ex);
		}
	}

}
