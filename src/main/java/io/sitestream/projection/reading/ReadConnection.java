package io.sitestream.projection.reading;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;

/**
 * One connection to one server, which is never made anew by itself. So what is asked
 * together is answered by one server in order, and what the server tracks it tracks until
 * the connection ends; the near cache ends with it.
 */
final class ReadConnection implements AutoCloseable {

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final ReadMetrics metrics;

	private final AtomicBoolean ended = new AtomicBoolean();

	private volatile @Nullable NearCache cache;

	/**
	 * Takes a connection over.
	 * @param connection a connection that does not reconnect by itself
	 * @param metrics what counts
	 */
	ReadConnection(StatefulRedisConnection<byte[], byte[]> connection, ReadMetrics metrics) {
		this.connection = connection;
		this.metrics = metrics;
	}

	/**
	 * Remembers answers from now on.
	 * @param cache a new cache
	 * @throws DataAccessResourceFailureException if the server does not track keys, or
	 * not for this user
	 */
	void track(NearCache cache) {
		this.connection.addListener(this::heard);
		Answers.await(List.of(this.connection.async().clientTracking(TrackingArgs.Builder.enabled())));
		this.cache = cache;
	}

	boolean isUsable() {
		return !this.ended.get() && this.connection.isOpen();
	}

	long bytes() {
		NearCache known = this.cache;
		return (known != null) ? known.bytes() : 0;
	}

	/**
	 * Asks the server, whatever is known.
	 * @param questions the questions
	 * @return the answers
	 */
	List<List<byte[]>> ask(List<Question> questions) {
		return await(questions.stream().map((question) -> question.ask(this.connection.async())).toList());
	}

	/**
	 * Asks the server only what is not known.
	 * @param questions the questions
	 * @return the answers
	 */
	List<List<byte[]>> askUnlessKnown(List<Question> questions) {
		NearCache known = this.cache;
		if (known == null) {
			return ask(questions);
		}
		List<@Nullable List<byte[]>> found = new ArrayList<>(questions.size());
		List<Question> unknown = new ArrayList<>();
		for (Question question : questions) {
			List<byte[]> answer = known.find(question);
			found.add(answer);
			if (answer == null) {
				unknown.add(question);
			}
		}
		this.metrics.asked(questions.size() - unknown.size(), unknown.size());
		Iterator<List<byte[]>> fresh = askAndKeep(known, unknown).iterator();
		return found.stream().map((answer) -> (answer != null) ? answer : fresh.next()).toList();
	}

	@Override
	public void close() {
		if (this.ended.compareAndSet(false, true)) {
			this.connection.closeAsync();
		}
	}

	private List<List<byte[]>> askAndKeep(NearCache known, List<Question> questions) {
		if (questions.isEmpty()) {
			return List.of();
		}
		long[] stamps = questions.stream().mapToLong(known::stamp).toArray();
		List<List<byte[]>> answers = ask(questions);
		for (int i = 0; i < stamps.length; i++) {
			known.keep(questions.get(i), answers.get(i), stamps[i]);
		}
		return answers;
	}

	/** A server that does not answer may have stopped telling changes, too. */
	private List<List<byte[]>> await(List<CompletionStage<List<byte[]>>> asked) {
		try {
			return Answers.await(asked);
		}
		catch (QueryTimeoutException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Called on the connection's thread, in the order in which the server said it.
	 */
	private void heard(PushMessage message) {
		NearCache known = this.cache;
		if (known == null || !message.getType().equals("invalidate")) {
			return;
		}
		if (message.getContent().get(1) instanceof List<?> keys) {
			keys.forEach((key) -> known.forget((ByteBuffer) key));
			this.metrics.invalidated(keys.size());
		}
		else {
			// everything was flushed
			close();
		}
	}

}
