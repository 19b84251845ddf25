package io.sitestream.kvstore;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import io.sitestream.platform.RefusedStartException;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Where the checkpoints of this process are. It belongs to this process alone: what
 * another one was writing when it was killed is removed.
 */
@Component
class CheckpointDirectory {

	private final @Nullable Path directory;

	CheckpointDirectory(KeyValueStoreProperties properties) {
		this.directory = properties.checkpoints().directory();
		if (this.directory != null) {
			prepare(this.directory);
		}
	}

	private static void prepare(Path directory) {
		try {
			Files.createDirectories(directory);
			try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory,
					"*" + CheckpointFile.UNFINISHED)) {
				for (Path file : unfinished) {
					Files.deleteIfExists(file);
				}
			}
		}
		catch (IOException ex) {
			throw refusal(directory, ex.toString());
		}
		if (!Files.isWritable(directory)) {
			throw refusal(directory, "it is not writable");
		}
	}

	private static RefusedStartException refusal(Path directory, String reason) {
		return new RefusedStartException(
				"sitestream.kvstore.checkpoints.directory is '%s', which cannot be used: %s. Name a directory that this process may write to, or none."
					.formatted(directory, reason));
	}

	/**
	 * The checkpoint of a store.
	 * @param store the store
	 * @return its file, which may not exist yet, or nothing if there are no checkpoints
	 */
	Optional<CheckpointFile> file(String store) {
		return Optional.ofNullable(this.directory)
			.map((found) -> new CheckpointFile(
					found.resolve(URLEncoder.encode(store, StandardCharsets.UTF_8) + ".checkpoint")));
	}

}
