package io.sitestream.projection;

/**
 * A projection that this process writes.
 *
 * @param projection what is projected
 * @param founding makes its first catalogue
 * @param function the function bean that writes it
 * @param <T> the type of the records
 */
record WrittenProjection<T>(Projection<T> projection, Founding founding, Object function) {

	String name() {
		return this.projection.name();
	}

}
