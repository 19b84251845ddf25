package io.sitestream.projection.reading;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * Answers of one connection that the server tracks: whenever a key changes, it says so on
 * that connection, and what was remembered of the key is forgotten. An answer is kept
 * only if nothing was said about its key since it was asked for, so an answer that was
 * overtaken on its way is never kept. Bounded by bytes. Safe for use by several threads.
 */
final class NearCache {

	/** What an entry and an answer take besides their bytes, roughly. */
	private static final int ENTRY_BYTES = 160;

	private static final int VALUE_BYTES = 24;

	/** Different pages of one key that are remembered. */
	private static final int ANSWERS_PER_KEY = 16;

	private static final int STAMPS = 1 << 12;

	/** How often something was said about the keys of a hash code. */
	private final AtomicLongArray stamps = new AtomicLongArray(STAMPS);

	private final Cache<ByteBuffer, Known> known;

	NearCache(long maxBytes) {
		this.known = Caffeine.newBuilder()
			.maximumWeight(maxBytes)
			.weigher((ByteBuffer key, Known value) -> weight(key, value))
			.executor(Runnable::run)
			.build();
	}

	/**
	 * Finds an answer.
	 * @param question the question
	 * @return the answer, or {@code null} if it has to be asked for
	 */
	@Nullable List<byte[]> find(Question question) {
		Known found = find(this.known.getIfPresent(ByteBuffer.wrap(question.key())), question);
		return (found != null) ? found.answer() : null;
	}

	/**
	 * What was said so far about a question's key: to be asked before the question is.
	 * @param question the question
	 * @return a stamp to keep the answer with
	 */
	long stamp(Question question) {
		return this.stamps.get(index(ByteBuffer.wrap(question.key())));
	}

	/**
	 * Keeps an answer, unless its key may have changed since.
	 * @param question the question
	 * @param answer the answer
	 * @param stamp what {@link #stamp} said before the question was asked
	 */
	void keep(Question question, List<byte[]> answer, long stamp) {
		ByteBuffer key = ByteBuffer.wrap(question.key());
		int index = index(key);
		this.known.asMap().compute(key, (same, before) -> {
			if (this.stamps.get(index) != stamp || find(before, question) != null) {
				return before;
			}
			boolean full = before != null && before.count() == ANSWERS_PER_KEY;
			return new Known(question.form(), answer, full ? null : before,
					(before == null || full) ? 1 : before.count() + 1);
		});
	}

	/**
	 * Forgets what is known of a key that has changed. The stamp comes first: whoever
	 * keeps an answer looks at it while holding the key, so what slips in before is
	 * removed here.
	 * @param key the key
	 */
	void forget(ByteBuffer key) {
		this.stamps.incrementAndGet(index(key));
		this.known.invalidate(key);
	}

	long bytes() {
		return this.known.policy().eviction().map((eviction) -> eviction.weightedSize().orElse(0)).orElse(0L);
	}

	private static @Nullable Known find(@Nullable Known first, Question question) {
		Known found = first;
		while (found != null && !found.form().equals(question.form())) {
			found = found.next();
		}
		return found;
	}

	private static int index(ByteBuffer key) {
		int hash = key.hashCode() * 0x9E3779B9;
		return hash >>> 20;
	}

	private static int weight(ByteBuffer key, Known value) {
		long bytes = key.remaining();
		for (Known known = value; known != null; known = known.next()) {
			bytes += ENTRY_BYTES;
			for (byte[] part : known.answer()) {
				bytes += VALUE_BYTES + part.length;
			}
		}
		return (int) Math.min(bytes, Integer.MAX_VALUE);
	}

	/**
	 * What is known of a key.
	 *
	 * @param form what was asked
	 * @param answer what was answered
	 * @param next what else is known of the key
	 * @param count how much in all
	 */
	private record Known(Question.Form form, List<byte[]> answer, @Nullable Known next, int count) {

	}

}
