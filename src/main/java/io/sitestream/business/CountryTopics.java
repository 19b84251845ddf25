package io.sitestream.business;

import io.sitestream.platform.Topic;

/**
 * The topics of this module.
 */
public final class CountryTopics {

	/** Keyed by ISO 3166-1 alpha-2. */
	public static final Topic<Country> COUNTRIES = Topic.compacted("countries", Country.class, 1)
		.keyedBy("code", Country::code);

	private CountryTopics() {
	}

}
