package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.sitestream.platform.kafka.DeadLettersRefusedException.Refusal;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters, before anything else of their batch: whole where their topic takes
 * them so, else shortened. A failed send spoils a transaction, so Kafka is asked before
 * what the topic takes; what it refuses all the same is remembered for the repetition of
 * the batch.
 */
final class DeadLetterSender {

	private static final Logger log = LoggerFactory.getLogger(DeadLetterSender.class);

	private final RecordWriter writer;

	private final DeadLetterTopicCheck check;

	private final FunctionMetrics metrics;

	DeadLetterSender(RecordWriter writer, DeadLetterTopicCheck check, FunctionMetrics metrics) {
		this.writer = writer;
		this.check = check;
		this.metrics = metrics;
	}

	/**
	 * Sends letters and waits until their topics have them, where there is a transaction
	 * as a part of it.
	 * @param function the function that could not process them
	 * @param letters the letters
	 * @param sender sends on the function's thread
	 * @throws DeadLettersRefusedException if a topic does not take all of them: the batch
	 * has to come again
	 */
	void send(String function, List<DeadLetter> letters, RecordSender sender) {
		if (letters.isEmpty()) {
			return;
		}
		List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(letters.size());
		List<Refusal> refusals = new ArrayList<>();
		Map<String, DeadLetterTopicCheck.Result> topics = new HashMap<>();
		int shortened = 0;
		for (DeadLetter letter : letters) {
			ProducerRecord<byte[], byte[]> whole = this.writer.record(letter, function);
			DeadLetterTopicCheck.Result topic = topics.computeIfAbsent(whole.topic(), this.check::look);
			Optional<ProducerRecord<byte[], byte[]>> fitting = fitting(whole, topic.largest());
			if (topic.refusal() != null) {
				refusals.add(refusal(letter, whole, topic.refusal()));
			}
			else if (fitting.isEmpty()) {
				refusals.add(refusal(letter, whole, "It takes at most %d bytes, and position and cause alone need more."
					.formatted(topic.largest())));
			}
			else {
				records.add(fitting.get());
				shortened += (fitting.get() != whole) ? 1 : 0;
			}
		}
		if (!refusals.isEmpty()) {
			throw DeadLettersRefusedException.of(refusals);
		}
		requireTaken(letters, records, sender.keep(function, records));
		this.metrics.shortened(function, shortened);
	}

	private static Optional<ProducerRecord<byte[], byte[]>> fitting(ProducerRecord<byte[], byte[]> whole,
			long largest) {
		return (DeadLetterShortening.size(whole) <= largest) ? Optional.of(whole)
				: DeadLetterShortening.shorten(whole, largest);
	}

	private void requireTaken(List<DeadLetter> letters, List<ProducerRecord<byte[], byte[]>> records,
			List<Optional<Throwable>> failures) {
		for (int i = 0; i < records.size(); i++) {
			Throwable failure = failures.get(i).orElse(null);
			if (failure != null) {
				throw refused(letters, records, i, failure);
			}
		}
	}

	/**
	 * In a transaction the first failure makes the letters behind it fail too. They may
	 * stand still with it: each is tried again alone.
	 */
	private DeadLettersRefusedException refused(List<DeadLetter> letters, List<ProducerRecord<byte[], byte[]>> records,
			int first, Throwable failure) {
		ProducerRecord<byte[], byte[]> culprit = records.get(first);
		RecordTooLargeException tooLarge = tooLarge(failure);
		if (tooLarge != null) {
			long size = DeadLetterShortening.size(culprit);
			this.check.refused(culprit.topic(), size);
			log.info("'{}' did not take a dead letter of {} bytes, which is shortened: {}", culprit.topic(), size,
					tooLarge.getMessage());
			return new DeadLettersRefusedException(
					"'%s' did not take a dead letter of %d bytes.".formatted(culprit.topic(), size), List.of());
		}
		List<Refusal> refusals = new ArrayList<>();
		for (int i = first; i < records.size(); i++) {
			if (records.get(i).topic().equals(culprit.topic())) {
				refusals.add(refusal(letters.get(i), records.get(i), String.valueOf(failure)));
			}
		}
		return DeadLettersRefusedException.of(refusals);
	}

	private static Refusal refusal(DeadLetter letter, ProducerRecord<byte[], byte[]> record, String cause) {
		byte[] value = letter.origin().value();
		return new Refusal(letter.origin().position(), (value != null) ? value.length : 0,
				Objects.requireNonNull(record.topic()), cause);
	}

	private static @Nullable RecordTooLargeException tooLarge(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof RecordTooLargeException found) {
				return found;
			}
		}
		return null;
	}

}
