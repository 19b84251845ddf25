package io.sitestream.platform.kafka;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sitestream.platform.Items;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import io.sitestream.platform.Server;
import io.sitestream.platform.modules.ConditionalOnServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/deadletters}: what the functions of this process could not process,
 * and a way to hand it to them again. What was replayed is forgotten here; after a fault
 * between the two it may be replayed again, which functions bear.
 */
@Component
@ConditionalOnServer(Server.KAFKA)
@Endpoint(id = "deadletters")
class DeadLettersEndpoint {

	private static final int DEFAULT_LIMIT = 100;

	private static final Logger log = LoggerFactory.getLogger(DeadLettersEndpoint.class);

	private final DeadLetterTopics topics;

	private final DeadLetterLog letters;

	private final LetterReplay replay;

	private final DeadLetterOriginals originals;

	private final ReentrantLock oneByOne = new ReentrantLock();

	DeadLettersEndpoint(DeadLetterTopics topics, DeadLetterLog letters, LetterReplay replay) {
		this.topics = topics;
		this.letters = letters;
		this.replay = replay;
		this.originals = new DeadLetterOriginals(letters);
	}

	@ReadOperation
	Map<String, Object> counts() {
		return DeadLetterCounts.of(this.topics.all().keySet(), this.letters).body();
	}

	@ReadOperation
	Items<Letter> letters(@Selector String topic, @Nullable Long after, @Nullable Integer limit) {
		String input = this.topics.source(topic).input();
		int most = Items.requireLimit((limit != null) ? limit : DEFAULT_LIMIT);
		List<ConsumerRecord<byte[], byte[]>> records = this.letters.read(topic, (after != null) ? after : -1, most + 1);
		List<Letter> found = records.stream().map((record) -> Letter.of(KeptLetter.of(record, input))).toList();
		return Items.page(found, this.letters.isFull(records) ? Math.min(most, records.size() - 1) : most,
				(letter) -> Long.toString(letter.letter()));
	}

	@WriteOperation
	Replayed replay(@Selector String topic, String action, @Nullable Integer max) {
		DeadLetterTopics.Source source = this.topics.source(topic);
		if (!action.equals("replay")) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "unknown-action",
					"action '%s' is unknown. Allowed is: replay.".formatted(action));
		}
		int most = Items.requireLimit((max != null) ? max : DEFAULT_LIMIT);
		this.oneByOne.lock();
		try {
			List<KeptLetter> kept = this.letters.read(topic, -1, most)
				.stream()
				.map((record) -> KeptLetter.of(record, source.input()))
				.toList();
			if (!kept.isEmpty()) {
				kept = this.originals.completed(topic, kept);
				this.replay.replay(source, kept);
				this.letters.forget(topic, kept.getLast().letter());
				log.info("{} got {} dead letters of {} again.", source.name(), kept.size(), topic);
			}
			return new Replayed(kept.size(), left(topic));
		}
		finally {
			this.oneByOne.unlock();
		}
	}

	/**
	 * What was replayed is replayed, whether or not the rest can be counted in time.
	 */
	private @Nullable Long left(String topic) {
		try {
			return this.letters.count(topic);
		}
		catch (ProblemException ex) {
			log.warn("Dead letters were replayed, but not counted: {}", ex.problem().detail());
			return null;
		}
	}

	/**
	 * A dead letter as an operator sees it.
	 *
	 * @param letter its offset in the dead-letter topic
	 * @param position where the record was
	 * @param timestamp when the record was written
	 * @param cause why it could not be processed
	 * @param key the key as text
	 * @param value the value as text, or {@code null} for a tombstone; only its head
	 * where the letter was shortened
	 * @param keyBase64 the key's bytes, where they are no UTF-8
	 * @param valueBase64 the value's bytes, where they are no UTF-8
	 * @param shortenedFrom the bytes of the record's value, where the letter was
	 * shortened
	 */
	record Letter(long letter, Position position, Instant timestamp, String cause, @Nullable String key,
			@Nullable String value, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String keyBase64,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String valueBase64,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long shortenedFrom) {

		static Letter of(KeptLetter kept) {
			return new Letter(kept.letter(), kept.record().position(), kept.record().timestamp(), kept.cause(),
					kept.record().keyText(), kept.value(), KeptLetter.base64(kept.record().key()),
					KeptLetter.base64(kept.record().value()), kept.originalSize());
		}

	}

	/**
	 * What a replay came to.
	 *
	 * @param replayed how many letters the function got again
	 * @param left how many are there now, those included that came back; absent when they
	 * could not be counted in time
	 */
	record Replayed(int replayed, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long left) {

	}

}
