package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.StoreListener;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.Replay;
import io.sitestream.platform.Topic;

/**
 * A store that shows what was committed only when somebody waits for it, as late as a
 * real one may be.
 */
class FakeStore implements KeyValueStore<TrackedImport> {

	private final NavigableMap<String, TrackedImport> committed = new TreeMap<>();

	private final NavigableMap<String, TrackedImport> shown = new TreeMap<>();

	int syncs;

	void commit(List<Emission> emissions) {
		emissions.stream()
			.filter((emission) -> emission.topic() == TrackedImport.CONTACT_IMPORTS)
			.forEach((emission) -> this.committed.compute(emission.key(),
					(key, before) -> (TrackedImport) emission.value()));
	}

	@Override
	public void sync(Duration timeout) {
		this.syncs++;
		this.shown.clear();
		this.shown.putAll(this.committed);
	}

	@Override
	public Optional<TrackedImport> find(String key) {
		return Optional.ofNullable(this.shown.get(key));
	}

	@Override
	public String name() {
		return "fake";
	}

	@Override
	public Topic<TrackedImport> topic() {
		return TrackedImport.CONTACT_IMPORTS;
	}

	@Override
	public Optional<String> topicId() {
		return Optional.empty();
	}

	@Override
	public String topicName() {
		return "contact-imports";
	}

	@Override
	public void requireFollowing() {
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public boolean containsKey(String key) {
		return this.shown.containsKey(key);
	}

	@Override
	public NavigableMap<String, TrackedImport> all() {
		return this.shown;
	}

	@Override
	public NavigableMap<String, TrackedImport> range(String from, String to) {
		return this.shown.subMap(from, true, to, false);
	}

	@Override
	public int size() {
		return this.shown.size();
	}

	@Override
	public Position put(String key, TrackedImport value) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Position delete(String key) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean await(Position position, Duration timeout) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void listen(StoreListener<TrackedImport> listener) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Map<Integer, Long> positions() {
		return Map.of();
	}

	@Override
	public Replay replay() {
		throw new UnsupportedOperationException();
	}

}
