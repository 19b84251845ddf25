package io.sitestream.projection;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A read model of one context of a topic's records: for each key a view, and for each
 * index key the keys of the views that have it. This is all that a new projection has to
 * say.
 *
 * @param <T> the type of the records
 */
public interface Projection<T> {

	/**
	 * The name, which is part of every key.
	 * @return the name in kebab case
	 */
	String name();

	Topic<T> topic();

	/**
	 * The version of a record. Versions of one key grow; an older or equal one changes
	 * nothing.
	 * @param record the record
	 * @return the version, from 1; a record with a lower one changes nothing
	 */
	long version(T record);

	/**
	 * The version that a tombstone carries.
	 * @param headers the record's headers
	 * @return the version, or {@code null} when it has none: then it removes whatever
	 * came before it in the topic
	 */
	@Nullable Long tombstoneVersion(Map<String, String> headers);

	/**
	 * The view of a record, in the form in which it is answered.
	 * @param record the record
	 * @return the view's bytes
	 */
	byte[] view(T record);

	/**
	 * The index keys under which a view can be found. They follow from the view alone.
	 * @param view a view's bytes
	 * @return the index keys, as {@code app/chat}
	 */
	Set<String> indexKeys(byte[] view);

	/**
	 * The format of the views. It is raised whenever {@link #view} or {@link #indexKeys}
	 * answer otherwise than before for the same record: then a generation of the new
	 * format is built beside the serving one by itself.
	 * @return the format, from 1
	 */
	default int format() {
		return 1;
	}

	/**
	 * This projection in the format before, for as long as there may be generations that
	 * have it: they go on being written until they are removed.
	 * @return the projection, of the same name and topic and a lower format, which may
	 * have a predecessor itself
	 */
	default Optional<Projection<T>> predecessor() {
		return Optional.empty();
	}

	/**
	 * What a view of this format has in common with that of another format, for the
	 * comparison before a switch. Asked only where formats differ.
	 * @param view a view's bytes, in this format
	 * @return equal bytes for views of the same record, whatever format of the two they
	 * have; the view itself by default, so that every view counts as different
	 */
	default byte[] shared(byte[] view) {
		return view;
	}

	/**
	 * Whether an index key exists in other formats, too. Asked only where formats differ.
	 * @param indexKey an index key
	 * @return whether it is compared
	 */
	default boolean isShared(String indexKey) {
		return true;
	}

}
