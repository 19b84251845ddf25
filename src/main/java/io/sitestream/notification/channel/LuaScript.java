package io.sitestream.notification.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;

import org.springframework.core.io.ClassPathResource;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A script that Redis runs atomically. It goes by its digest; a Redis that does not know
 * it yet, or has forgotten it, gets its text.
 *
 * @param text the script
 * @param digest the SHA-1 of the text
 */
record LuaScript(byte[] text, String digest) {

	static LuaScript named(String file) {
		try {
			byte[] text = new ClassPathResource(file, LuaScript.class).getContentAsByteArray();
			return new LuaScript(text, Base16.digest(text));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read the script " + file, ex);
		}
	}

	/**
	 * Runs the script without waiting for it. When Redis does not know the script, it
	 * runs later than what was sent meanwhile: wait where order matters.
	 * @param commands the connection
	 * @param keys all in one slot
	 * @param arguments the arguments
	 * @return what the script returns
	 */
	CompletableFuture<List<?>> run(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] keys,
			byte[]... arguments) {
		return commands.<List<?>>evalsha(this.digest, ScriptOutputType.MULTI, keys, arguments)
			.toCompletableFuture()
			.exceptionallyCompose((failure) -> isUnknown(failure)
					? commands.<List<?>>eval(this.text, ScriptOutputType.MULTI, keys, arguments)
					: CompletableFuture.failedFuture(failure));
	}

	private static boolean isUnknown(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return cause instanceof RedisNoScriptException;
	}

	static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

	static byte[] bytes(long number) {
		return bytes(Long.toString(number));
	}

}
