package io.sitestream.projection;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.sitestream.platform.RedisPrimaries;

/**
 * A Lua script that lies beside this class.
 */
final class Script {

	private final byte[] text;

	private final String digest;

	private final ScriptOutputType output;

	Script(String file, ScriptOutputType output) {
		try (InputStream in = Script.class.getResourceAsStream(file)) {
			if (in == null) {
				throw new IllegalStateException("Script " + file + " is missing.");
			}
			this.text = in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + file, ex);
		}
		this.digest = Base16.digest(this.text);
		this.output = output;
	}

	/**
	 * Makes the script known to every primary. Called once in every pass, since a
	 * restarted Redis has forgotten it. To be waited for: a cluster's primaries do not
	 * answer in order.
	 */
	List<RedisFuture<String>> load(RedisClusterAsyncCommands<byte[], byte[]> redis) {
		return RedisPrimaries.nodes(redis)
			.stream()
			.map((node) -> RedisPrimaries.at(redis, node).scriptLoad(this.text))
			.toList();
	}

	<R> RedisFuture<R> run(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[]... values) {
		return redis.evalsha(this.digest, this.output, keys, values);
	}

	/**
	 * Runs the script without its having been loaded: for what is run now and then.
	 */
	<R> RedisFuture<R> eval(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[]... values) {
		return redis.eval(this.text, this.output, keys, values);
	}

}
