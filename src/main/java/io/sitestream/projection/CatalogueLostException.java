package io.sitestream.projection;

/**
 * Redis has lost a projection's catalogue, most likely with everything else.
 */
class CatalogueLostException extends RuntimeException {

	CatalogueLostException(String projection) {
		super("Redis has no catalogue of projection '%s': it was emptied, and a writer will make another."
			.formatted(projection));
	}

}
