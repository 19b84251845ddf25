package io.sitestream.site;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.sitestream.platform.Preconditions;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells requests with one idempotency key apart. What counts is what a request says, not
 * how: members in another order, absent ones and nulls, and defaults that are written out
 * make no difference. What is made up for a request, such as an id that it does not give,
 * plays no part. A member that a later release adds changes nothing where it is absent.
 */
final class RequestFingerprint {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
		.addMixIn(SiteChange.class, Untyped.class)
		.build();

	private RequestFingerprint() {
	}

	/**
	 * The fingerprint of a request.
	 * @param target its method, its path, and the site that its body names, if any
	 * @param preconditions what it demands
	 * @param change what it says of the site
	 * @return 64 hexadecimal digits
	 */
	static String of(String target, Preconditions preconditions, SiteChange change) {
		return CommandId.hash("%s\n%s\n%s".formatted(target, MAPPER.writeValueAsString(preconditions),
				MAPPER.writeValueAsString(change)));
	}

	/**
	 * Method and path tell the kind of a change; what it is called here does not count.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
	private interface Untyped {

	}

}
