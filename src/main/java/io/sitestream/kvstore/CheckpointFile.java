package io.sitestream.kvstore;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.TopicIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint of one store on disk. It is written aside, forced to the disk and
 * renamed, so that a kill or a power failure at any moment leaves the old one or the new
 * one, whole.
 */
final class CheckpointFile {

	private static final Logger log = LoggerFactory.getLogger(CheckpointFile.class);

	/** How the names of files end that are still being written. */
	static final String UNFINISHED = ".tmp";

	private static final int BUFFER = 1 << 16;

	private final Path file;

	CheckpointFile(Path file) {
		this.file = file;
	}

	/**
	 * Reads the checkpoint if a store can go on from it; says why if it cannot.
	 * @param store the store
	 * @param partitions the topic's partitions
	 * @param identity the topic, if Kafka tells it
	 * @param codec how the store reads values
	 * @return the checkpoint
	 */
	Optional<Checkpoint> readFor(String store, PartitionLog partitions, @Nullable TopicIdentity identity,
			String codec) {
		try {
			Optional<Checkpoint> checkpoint = read();
			Optional<String> refusal = (identity != null)
					? checkpoint.flatMap((found) -> found.refusal(partitions, identity.id(), codec))
					: Optional.of("Kafka does not tell which topic it is.");
			if (refusal.isEmpty()) {
				log.info("{}: {}", store,
						checkpoint
							.map((found) -> "goes on from a checkpoint of %s with %d records."
								.formatted(found.current(), found.records().size()))
							.orElse("has no checkpoint yet."));
				return checkpoint;
			}
			refuse(store, partitions, refusal.get());
		}
		catch (CorruptCheckpointException ex) {
			refuse(store, partitions, String.valueOf(ex.getMessage()));
		}
		return Optional.empty();
	}

	private void refuse(String store, PartitionLog partitions, String reason) {
		log.warn("{}: Checkpoint {} is refused. {} Reading topic '{}' from its beginning.", store, this.file, reason,
				partitions.topic());
	}

	/**
	 * Reads the checkpoint.
	 * @return the checkpoint, or nothing if none was written yet
	 * @throws CorruptCheckpointException if it is not what was written, or cannot be read
	 */
	Optional<Checkpoint> read() {
		try (InputStream in = new BufferedInputStream(Files.newInputStream(this.file), BUFFER)) {
			return Optional.of(CheckpointFormat.read(in, Files.size(this.file)));
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (IOException ex) {
			throw new CorruptCheckpointException("It cannot be read: " + ex);
		}
	}

	void write(Checkpoint checkpoint) throws IOException {
		Path aside = Files.createTempFile(this.file.toAbsolutePath().getParent(), this.file.getFileName() + ".",
				UNFINISHED);
		try {
			try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE);
					OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
				CheckpointFormat.write(checkpoint, out);
				channel.force(true);
			}
			Files.move(aside, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(aside);
		}
		forceDirectory();
	}

	private void forceDirectory() {
		try (FileChannel directory = FileChannel.open(this.file.toAbsolutePath().getParent(),
				StandardOpenOption.READ)) {
			directory.force(true);
		}
		catch (IOException ex) {
			// not every system lets a directory be opened; the rename is then as safe as
			// the system makes it
			log.debug("Cannot force the directory of {} to the disk.", this.file, ex);
		}
	}

	@Override
	public String toString() {
		return this.file.toString();
	}

}
