package io.sitestream.bench;

import java.nio.charset.StandardCharsets;

import io.sitestream.platform.Topic;

/**
 * A value as reference data has them: an id and a few short texts.
 *
 * @param id the key
 * @param name a name
 * @param currency a code
 */
record Place(String id, String name, String currency) {

	static final Topic<Place> PLACES = Topic.compacted("places", Place.class, 1);

	static String key(int number) {
		return "place-%07d".formatted(number);
	}

	static byte[] json(int number, int version) {
		return "{\"id\":\"%s\",\"name\":\"Place number %d, version %d\",\"currency\":\"EUR\"}"
			.formatted(key(number), number, version)
			.getBytes(StandardCharsets.UTF_8);
	}

}
