package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How many records the functions of this process are behind, asked from Kafka in the
 * background. Nobody waits longer than two seconds, and while Kafka is away hardly
 * anybody does: its answer, or that there was none, counts for a moment. Safe for use by
 * several threads.
 */
final class FunctionLags {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Duration FRESH = Duration.ofSeconds(1);

	private static final Duration AWAY = Duration.ofSeconds(5);

	private final Supplier<Map<String, FunctionLag>> kafka;

	private final Supplier<? extends Iterable<String>> functions;

	private @Nullable Question question;

	/**
	 * Creates an asker.
	 * @param functions the names of the functions
	 * @param kafka answers for each, in some seconds at most
	 */
	FunctionLags(Supplier<? extends Iterable<String>> functions, Supplier<Map<String, FunctionLag>> kafka) {
		this.functions = functions;
		this.kafka = kafka;
	}

	/**
	 * The lags of all functions.
	 * @return by function
	 */
	Map<String, FunctionLag> now() {
		Question asked = ask();
		try {
			long left = asked.began() + PATIENCE.toNanos() - System.nanoTime();
			return asked.answer().get(Math.max(0, left), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return unknown("Asking Kafka was interrupted.");
		}
		catch (TimeoutException ex) {
			return unknown("Kafka does not say within %d ms.".formatted(PATIENCE.toMillis()));
		}
		catch (ExecutionException ex) {
			return unknown("Kafka cannot be asked: %s".formatted(ex.getCause()));
		}
	}

	private synchronized Question ask() {
		Question asked = this.question;
		if (asked == null || asked.isOver(System.nanoTime())) {
			asked = new Question(System.nanoTime(), CompletableFuture.supplyAsync(this.kafka,
					(task) -> Thread.ofVirtual().name("function-lags").start(task)));
			this.question = asked;
		}
		return asked;
	}

	private Map<String, FunctionLag> unknown(String reason) {
		Map<String, FunctionLag> lags = new TreeMap<>();
		this.functions.get().forEach((function) -> lags.put(function, FunctionLag.unknown(reason)));
		return lags;
	}

	/**
	 * What Kafka was asked.
	 *
	 * @param began when, in nanoseconds
	 * @param answer the answer
	 */
	private record Question(long began, CompletableFuture<Map<String, FunctionLag>> answer) {

		boolean isOver(long now) {
			return this.answer.isDone() && now - this.began > (isGood() ? FRESH : AWAY).toNanos();
		}

		private boolean isGood() {
			return !this.answer.isCompletedExceptionally()
					&& this.answer.join().values().stream().allMatch(FunctionLag::isKnown);
		}

	}

}
