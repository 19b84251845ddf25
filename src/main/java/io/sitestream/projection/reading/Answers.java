package io.sitestream.projection.reading;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisCommandTimeoutException;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;

/**
 * Waits for answers that were asked for together.
 */
final class Answers {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private Answers() {
	}

	static <R> List<R> await(List<CompletionStage<R>> asked) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		List<R> answers = new ArrayList<>(asked.size());
		try {
			for (CompletionStage<R> answer : asked) {
				answers.add(answer.toCompletableFuture()
					.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
			}
			return answers;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new QueryTimeoutException("Interrupted while waiting for Redis", ex);
		}
		catch (TimeoutException ex) {
			throw new QueryTimeoutException("Redis did not answer within " + PATIENCE, ex);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			if (cause instanceof RedisCommandTimeoutException) {
				throw new QueryTimeoutException("Redis did not answer in time", cause);
			}
			throw new DataAccessResourceFailureException("Redis failed: " + cause.getMessage(), cause);
		}
	}

}
