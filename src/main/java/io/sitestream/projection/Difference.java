package io.sitestream.projection;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Where two generations differ.
 *
 * @param key the view's key, such as a site
 * @param indexKey the index key whose entry for that key differs, as {@code app/chat};
 * none when the view itself differs
 * @param serving what the serving generation has there
 * @param compared what the other one has there
 */
record Difference(String key, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String indexKey, String serving,
		String compared) {

}
