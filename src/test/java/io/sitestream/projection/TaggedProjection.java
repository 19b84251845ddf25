package io.sitestream.projection;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Tagged things, in two formats: the second calls tags labels, sorts them, and finds
 * things also by how many they have.
 *
 * @param format which of the two
 */
record TaggedProjection(int format) implements Projection<TaggedProjection.Tagged> {

	static final Topic<Tagged> THINGS = Topic.compacted("things", Tagged.class, 1);

	private static final RecordFormat JSON = new RecordFormat();

	@Override
	public String name() {
		return "things";
	}

	@Override
	public Topic<Tagged> topic() {
		return THINGS;
	}

	@Override
	public Optional<Projection<Tagged>> predecessor() {
		return (this.format > 1) ? Optional.of(new TaggedProjection(this.format - 1)) : Optional.empty();
	}

	@Override
	public long version(Tagged thing) {
		return thing.version();
	}

	@Override
	public @Nullable Long tombstoneVersion(Map<String, String> headers) {
		String version = headers.get("version");
		return (version != null) ? Long.valueOf(version) : null;
	}

	@Override
	public byte[] view(Tagged thing) {
		return (this.format == 1) ? JSON.write(thing)
				: JSON.write(new Labelled(thing.version(), new TreeSet<>(thing.tags())));
	}

	@Override
	public Set<String> indexKeys(byte[] view) {
		Set<String> keys = new TreeSet<>();
		tags(view).forEach((tag) -> keys.add("tag/" + tag));
		if (this.format > 1) {
			keys.add("count/" + tags(view).size());
		}
		return keys;
	}

	@Override
	public byte[] shared(byte[] view) {
		return JSON.write(tags(view));
	}

	@Override
	public boolean isShared(String indexKey) {
		return indexKey.startsWith("tag/");
	}

	Set<String> tags(byte[] view) {
		return (this.format == 1) ? new TreeSet<>(JSON.read(view, Tagged.class).tags())
				: new TreeSet<>(JSON.read(view, Labelled.class).labels());
	}

	/**
	 * A record of the topic.
	 *
	 * @param version its version
	 * @param tags its tags
	 */
	record Tagged(long version, List<String> tags) {

	}

	/**
	 * A view of the second format.
	 *
	 * @param version its version
	 * @param labels its tags
	 */
	record Labelled(long version, Set<String> labels) {

	}

}
