package io.sitestream.platform;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A list as the API answers it.
 *
 * @param items the items
 * @param next what to give as {@code after} to go on, or {@code null} at the end
 * @param <T> the type of the items
 */
public record Items<T>(List<T> items, @Nullable String next) {

	/**
	 * A list that is whole.
	 * @param items all items
	 * @param <T> the type of the items
	 * @return the answer
	 */
	public static <T> Items<T> whole(List<T> items) {
		return new Items<>(items, null);
	}

}
