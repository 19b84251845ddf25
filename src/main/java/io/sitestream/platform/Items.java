package io.sitestream.platform;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * A list as the API answers it.
 *
 * @param items the items
 * @param next what to give as {@code after} to go on, or {@code null} at the end
 * @param <T> the type of the items
 */
public record Items<T>(List<T> items, @Nullable String next) {

	private static final int MOST = 1000;

	/**
	 * A list that is whole.
	 * @param items all items
	 * @param <T> the type of the items
	 * @return the answer
	 */
	public static <T> Items<T> whole(List<T> items) {
		return new Items<>(items, null);
	}

	/**
	 * One page of a list.
	 * @param found the items from the page's first one on, one more than the limit if
	 * there are so many
	 * @param limit how many a page has at most
	 * @param id what a client gives as {@code after}
	 * @param <T> the type of the items
	 * @return the answer
	 */
	public static <T> Items<T> page(List<T> found, int limit, Function<T, String> id) {
		if (found.size() <= limit) {
			return whole(found);
		}
		List<T> page = List.copyOf(found.subList(0, limit));
		return new Items<>(page, id.apply(page.getLast()));
	}

	/**
	 * Checks how many items a caller asks for.
	 * @param limit the number
	 * @return the number
	 * @throws ProblemException 400 {@code invalid-parameter} if it is not from 1 to 1000
	 */
	public static int requireLimit(int limit) {
		if (limit < 1 || limit > MOST) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"limit %d is not allowed: it must be from 1 to %d.".formatted(limit, MOST));
		}
		return limit;
	}

}
