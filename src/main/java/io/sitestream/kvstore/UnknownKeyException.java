package io.sitestream.kvstore;

import java.util.NoSuchElementException;

/**
 * A store that is ready has no value for a key.
 */
public final class UnknownKeyException extends NoSuchElementException {

	UnknownKeyException(KeyValueStore<?> store, String key) {
		super("Store '%s' has no key '%s'. %d entries are loaded from topic '%s'.".formatted(store.name(), key,
				store.size(), store.topicName()));
	}

}
