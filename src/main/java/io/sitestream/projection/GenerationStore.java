package io.sitestream.projection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;

/**
 * One generation in Redis: the pipelined passes of its writers.
 */
final class GenerationStore {

	private final ProjectionKeys keys;

	private final RedisAccess redis;

	private final Script entriesScript = new Script("index-entries.lua", ScriptOutputType.STATUS);

	private final Script viewScript = new Script("view.lua", ScriptOutputType.MULTI);

	GenerationStore(ProjectionKeys keys, RedisAccess redis) {
		this.keys = keys;
		this.redis = redis;
	}

	Map<String, Found> read(List<String> names) {
		List<Object> answers = this.redis.pipelined((redis) -> {
			List<RedisFuture<Object>> sent = new ArrayList<>();
			names.forEach((name) -> {
				sent.add(untyped(redis.get(this.keys.view(name))));
				sent.add(untyped(redis.smembers(this.keys.intent(name))));
			});
			// waited for, since a cluster's primaries do not answer in order
			this.entriesScript.load(redis).forEach((loaded) -> sent.add(untyped(loaded)));
			this.viewScript.load(redis).forEach((loaded) -> sent.add(untyped(loaded)));
			return sent;
		});
		Map<String, Found> found = new HashMap<>();
		for (int i = 0; i < names.size(); i++) {
			byte[] view = (byte[]) answers.get(2 * i);
			List<Intent> intents = new ArrayList<>();
			((Set<?>) answers.get(2 * i + 1)).forEach((intent) -> intents.add(Intent.decode(intent)));
			found.put(names.get(i), new Found((view != null) ? StoredView.decode(view) : null, intents));
		}
		return found;
	}

	void intend(Map<String, List<Intent>> intents) {
		if (!intents.isEmpty()) {
			this.redis.pipelined((redis) -> intents.entrySet()
				.stream()
				.map((entry) -> redis.sadd(this.keys.intent(entry.getKey()), encoded(entry.getValue())))
				.toList());
		}
	}

	void forget(Map<String, List<Intent>> intents) {
		if (!intents.isEmpty()) {
			this.redis.pipelined((redis) -> intents.entrySet()
				.stream()
				.map((entry) -> redis.srem(this.keys.intent(entry.getKey()), encoded(entry.getValue())))
				.toList());
		}
	}

	void write(IndexEntries entries) {
		if (!entries.isEmpty()) {
			this.redis.pipelined((redis) -> {
				List<RedisFuture<String>> sent = new ArrayList<>();
				entries.forEach((indexKey, arguments) -> sent.add(this.entriesScript.run(redis,
						new byte[][] { this.keys.members(indexKey), this.keys.entries(indexKey) }, arguments)));
				return sent;
			});
		}
	}

	/**
	 * Stores views, each only if what was found is still there.
	 * @param views the views
	 * @return for each whether it was stored, and what others intend then
	 */
	List<Optional<List<Intent>>> write(List<ViewWrite> views) {
		List<List<Object>> answers = this.redis.pipelined((redis) -> views.stream()
			.map((view) -> this.viewScript.<List<Object>>run(redis,
					new byte[][] { this.keys.view(view.key()), this.keys.intent(view.key()) }, view.arguments()))
			.toList());
		return answers.stream()
			.map((answer) -> ((Long) answer.getFirst() == 1)
					? Optional.of(answer.stream().skip(1).map(Intent::decode).toList())
					: Optional.<List<Intent>>empty())
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static RedisFuture<Object> untyped(RedisFuture<?> future) {
		return (RedisFuture<Object>) future;
	}

	private static byte[][] encoded(List<Intent> intents) {
		return intents.stream().map(Intent::encode).toArray(byte[][]::new);
	}

	/**
	 * A view to be stored.
	 *
	 * @param key its key
	 * @param found what was there
	 * @param view the view
	 * @param markerMillis how long a marker stays
	 * @param done the intents that are done with
	 */
	record ViewWrite(String key, Found found, StoredView view, long markerMillis, List<Intent> done) {

		byte[][] arguments() {
			List<byte[]> arguments = new ArrayList<>();
			arguments.add(ascii(this.found.version()));
			arguments.add(ascii(this.found.isMarker() ? 1 : 0));
			arguments.add(this.view.encode());
			arguments.add(ascii(this.view.isMarker() ? this.markerMillis : 0));
			this.done.forEach((intent) -> arguments.add(intent.encode()));
			return arguments.toArray(byte[][]::new);
		}

		private static byte[] ascii(long number) {
			return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
		}

	}

}
