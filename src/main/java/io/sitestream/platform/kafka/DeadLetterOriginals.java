package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.http.HttpStatus;

/**
 * Completes dead letters that were shortened by the records that they were made of.
 *
 * @param log reads topics
 */
record DeadLetterOriginals(DeadLetterLog log) {

	/**
	 * Completes letters.
	 * @param topic the full name of their topic
	 * @param letters the letters, at least one
	 * @return the letters, whole, up to the first one whose record is gone
	 * @throws ProblemException 409 {@code original-gone} if that is the first of all
	 */
	List<KeptLetter> completed(String topic, List<KeptLetter> letters) {
		List<KeptLetter> whole = new ArrayList<>(letters.size());
		for (KeptLetter letter : letters) {
			Optional<KeptLetter> completed = letter.isShortened() ? completed(letter) : Optional.of(letter);
			if (completed.isEmpty()) {
				if (whole.isEmpty()) {
					throw gone(topic, letter);
				}
				return whole;
			}
			whole.add(completed.get());
		}
		return whole;
	}

	private Optional<KeptLetter> completed(KeptLetter letter) {
		Optional<ConsumerRecord<byte[], byte[]>> original = letter.isPlaced()
				? this.log.original(letter.record().position()) : Optional.empty();
		return original.filter(letter::isOf).map(letter::completed);
	}

	private static ProblemException gone(String topic, KeptLetter letter) {
		Position position = letter.record().position();
		return new ProblemException(HttpStatus.CONFLICT, "original-gone",
				"Letter %d of '%s' has only the head of its record, and at %s that record is no longer there. Nothing was replayed. Write the record again if you have it, and delete the letter (kafka-delete-records, partition 0, offset %d)."
					.formatted(letter.letter(), topic, position, letter.letter() + 1));
	}

}
