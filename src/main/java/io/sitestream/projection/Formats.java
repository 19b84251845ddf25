package io.sitestream.projection;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A projection in all formats that are known here.
 *
 * @param <T> the type of the records
 */
final class Formats<T> {

	private final Projection<T> newest;

	private final Map<Integer, Projection<T>> known = new TreeMap<>();

	Formats(Projection<T> newest) {
		this.newest = newest;
		Optional<Projection<T>> next = Optional.of(newest);
		while (next.isPresent()) {
			Projection<T> projection = next.orElseThrow();
			if (!projection.name().equals(newest.name())
					|| this.known.putIfAbsent(projection.format(), projection) != null) {
				throw new IllegalArgumentException(
						"A predecessor of projection '%s' has the name '%s' and format %d: expected are the same name and a format of its own."
							.formatted(newest.name(), projection.name(), projection.format()));
			}
			next = projection.predecessor();
		}
	}

	Projection<T> newest() {
		return this.newest;
	}

	boolean knows(int format) {
		return this.known.containsKey(format);
	}

	Projection<T> get(int format) {
		Projection<T> projection = this.known.get(format);
		if (projection == null) {
			throw new IllegalArgumentException("Projection '%s' has no format %d here. Known are: %s."
				.formatted(this.newest.name(), format, this.known.keySet()));
		}
		return projection;
	}

}
