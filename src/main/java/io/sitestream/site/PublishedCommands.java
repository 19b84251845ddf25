package io.sitestream.site;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.sitestream.platform.PartitionListener;
import io.sitestream.platform.PartitionLog;
import io.sitestream.platform.Position;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicNames;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

import static io.sitestream.site.SiteTopics.SITE_COMMANDS;

/**
 * Knows which commands are published, so that they are not published again when the group
 * has lost its offsets: old states would come behind new ones. Each batch stores what is
 * known of those before it, in its own database transaction; so of lost offsets at most
 * the last batch of a partition comes twice. What is not known to be published comes
 * again, as it must when a process ended between the two commits.
 */
@Component
class PublishedCommands implements PartitionListener {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final PublishedOffsets offsets;

	private final TopicEnds topics;

	private final TopicNames names;

	private final Map<Integer, PublishedProgress> partitions = new TreeMap<>();

	private @Nullable Log log;

	PublishedCommands(PublishedOffsets offsets, TopicEnds topics, TopicNames names) {
		this.offsets = offsets;
		this.topics = topics;
		this.names = names;
	}

	@Override
	public synchronized void assigned(PartitionLog assigned) {
		assigned.partitions().forEach((partition) -> this.partitions.put(partition, PublishedProgress.NONE));
		this.log = null;
	}

	@Override
	public synchronized void revoked(String topic, Set<Integer> revoked) {
		this.partitions.keySet().removeAll(revoked);
	}

	@Override
	public synchronized void polled(String topic, int partition, long first, long behind) {
		PublishedProgress before = this.partitions.getOrDefault(partition, PublishedProgress.NONE);
		if (before.isBefore(first)) {
			this.log = null;
		}
		this.partitions.put(partition, before.polled(first, behind));
	}

	@Override
	public synchronized void idle(String topic, int partition, long position) {
		this.partitions.computeIfPresent(partition, (key, progress) -> progress.reached(position));
	}

	/**
	 * What is known when a batch begins. Asks Kafka which topic this is, the first time
	 * after partitions have come.
	 * @param topic the full name of the topic that the batch is from
	 * @return what is known; nothing of another topic than that of the commands
	 */
	synchronized Known known(String topic) {
		if (!topic.equals(this.names.of(SITE_COMMANDS))) {
			return Known.NOTHING;
		}
		Log current = this.log;
		if (current == null) {
			current = look();
			this.log = current;
		}
		Map<Integer, Long> unstored = new TreeMap<>();
		this.partitions.forEach((partition, progress) -> {
			if (progress.isToBeStored()) {
				unstored.put(partition, progress.known());
			}
		});
		return new Known(current, unstored);
	}

	/**
	 * The group's committed offset is known to be published, since it is committed with
	 * what was emitted. The position of a consumer is not: without that offset it begins
	 * anew.
	 */
	private Log look() {
		String id = this.topics.topicId(SITE_COMMANDS, PATIENCE);
		Map<Integer, Long> ends = new TreeMap<>(this.topics.endOffsets(SITE_COMMANDS, PATIENCE));
		// what others have learned of their partitions since is not to be forgotten
		ends.keySet().retainAll(this.partitions.keySet());
		this.topics.committedOffsets(this.names.group("applySiteCommands"), SITE_COMMANDS, PATIENCE)
			.forEach((partition, offset) -> {
				if (offset <= ends.getOrDefault(partition, 0L)) {
					this.partitions.computeIfPresent(partition, (key, progress) -> progress.committed(offset));
				}
			});
		return new Log(id, ends);
	}

	/**
	 * Stores what is known, in the caller's transaction.
	 * @param known what is known
	 */
	void store(Known known) {
		Log where = known.log();
		if (where != null) {
			this.offsets.forgetBeyond(where.topicId(), where.ends());
			this.offsets.save(where.topicId(), known.unstored());
		}
	}

	/**
	 * Hears that the transaction is committed.
	 * @param known what was stored
	 */
	synchronized void stored(Known known) {
		Log where = known.log();
		if (where != null && where == this.log) {
			this.log = new Log(where.topicId(), Map.of());
			known.unstored()
				.forEach((partition, offset) -> this.partitions.computeIfPresent(partition,
						(key, progress) -> progress.stored(offset)));
		}
	}

	/**
	 * Reads what is stored, in the caller's transaction.
	 * @param known what was known when the batch began, stored by now
	 * @return tells which commands are published
	 */
	Marks marks(Known known) {
		Log where = known.log();
		return new Marks((where != null) ? this.offsets.find(where.topicId()) : Map.of());
	}

	/**
	 * The topic as it was when partitions had come.
	 *
	 * @param topicId tells it from others of its name
	 * @param ends where its partitions ended; nothing once what is stored was compared
	 * with that
	 */
	private record Log(String topicId, Map<Integer, Long> ends) {

	}

	/**
	 * What is known when a batch begins.
	 *
	 * @param log the topic, or {@code null} if it is another
	 * @param unstored what is not yet stored, by partition
	 */
	record Known(@Nullable Log log, Map<Integer, Long> unstored) {

		static final Known NOTHING = new Known(null, Map.of());

	}

	/**
	 * Which commands are published.
	 *
	 * @param upTo those before these offsets, by partition
	 */
	record Marks(Map<Integer, Long> upTo) {

		static final Marks NONE = new Marks(Map.of());

		boolean include(@Nullable Position position) {
			return position != null && position.offset() < this.upTo.getOrDefault(position.partition(), 0L);
		}

	}

}
