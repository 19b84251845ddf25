package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.sitestream.platform.Replay;
import io.sitestream.platform.TopicNames;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * Asks Kafka where topics end and what groups have committed. A function is behind by
 * what lies between, in the partitions that nobody else reads; a replay by what lies
 * behind its own position. Connects at the first question.
 */
final class KafkaFunctionLags implements Supplier<Map<String, FunctionLag>>, DisposableBean {

	private static final Duration TIMEOUT = Duration.ofSeconds(4);

	private final FunctionStates states;

	private final FunctionContainers containers;

	private final FunctionSettings settings;

	private final TopicNames names;

	private final Map<String, Object> config;

	private @Nullable Admin admin;

	KafkaFunctionLags(FunctionStates states, FunctionContainers containers, FunctionSettings settings, TopicNames names,
			Map<String, Object> config) {
		this.states = states;
		this.containers = containers;
		this.settings = settings;
		this.names = names;
		this.config = new HashMap<>(config);
		this.config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		this.config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
	}

	@Override
	public Map<String, FunctionLag> get() {
		Map<String, Group> groups = new TreeMap<>();
		this.states.functions().forEach((name, function) -> groups.put(name, group(name, function)));
		Answers answers = ask(groups.values());
		Map<String, FunctionLag> lags = new TreeMap<>();
		groups.forEach((name, group) -> lags.put(name, lag(group, answers)));
		return lags;
	}

	private Group group(String name, BatchFunction function) {
		AbstractMessageListenerContainer<?, ?> container = this.containers.of(name);
		Set<TopicPartition> partitions = new HashSet<>();
		function.declaration()
			.inputs()
			.forEach((topic) -> IntStream.range(0, topic.partitions())
				.forEach((partition) -> partitions.add(new TopicPartition(this.names.of(topic), partition))));
		Collection<TopicPartition> owned = (container != null && container.isRunning())
				? container.getAssignedPartitions() : null;
		String id = this.settings.isGrouped(name) ? this.settings.groupId(name)
				: (container != null) ? container.getGroupId() : null;
		return new Group(id, this.settings.isGrouped(name), partitions, (owned != null) ? Set.copyOf(owned) : Set.of(),
				function);
	}

	private synchronized Answers ask(Collection<Group> groups) {
		if (this.admin == null) {
			this.admin = Admin.create(this.config);
		}
		Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
		Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
		Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> committed = new HashMap<>();
		for (Group group : groups) {
			group.partitions().forEach((partition) -> {
				latest.put(partition, OffsetSpec.latest());
				earliest.put(partition, OffsetSpec.earliest());
			});
			if (group.commits()) {
				committed.put(group.id(),
						this.admin.listConsumerGroupOffsets(group.id()).partitionsToOffsetAndMetadata());
			}
		}
		List<String> shared = groups.stream().filter(Group::shared).map(Group::id).toList();
		return new Answers(this.admin.listOffsets(latest), this.admin.listOffsets(earliest), committed,
				this.admin.describeConsumerGroups(shared).describedGroups());
	}

	private static FunctionLag lag(Group group, Answers answers) {
		try {
			Set<TopicPartition> partitions = new HashSet<>(group.partitions());
			partitions.removeAll(answers.takenByOthers(group));
			long lag = 0;
			for (TopicPartition partition : partitions) {
				lag += Math.max(0, answers.end(partition) - answers.reached(group, partition));
			}
			return FunctionLag.of(lag);
		}
		catch (TimeoutException ex) {
			return FunctionLag.unknown("Kafka does not say within %d ms.".formatted(TIMEOUT.toMillis()));
		}
		catch (ExecutionException ex) {
			return FunctionLag.unknown("Kafka does not say: %s".formatted(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return FunctionLag.unknown("Asking Kafka was interrupted.");
		}
	}

	private static <T> T await(KafkaFuture<T> answer)
			throws ExecutionException, InterruptedException, TimeoutException {
		return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public synchronized void destroy() {
		if (this.admin != null) {
			this.admin.close(Duration.ofSeconds(1));
			this.admin = null;
		}
	}

	/**
	 * Who reads.
	 *
	 * @param id the group's full name; of a function without one that of its consumer, if
	 * it has any yet
	 * @param shared whether others may be members
	 * @param partitions what there is to read
	 * @param owned what this process reads at present
	 * @param function the function
	 */
	private record Group(@Nullable String id, boolean shared, Set<TopicPartition> partitions, Set<TopicPartition> owned,
			BatchFunction function) {

		@Nullable Replay replay() {
			return this.function.declaration().replay();
		}

		boolean commits() {
			return this.id != null && replay() == null;
		}

	}

	private record Answers(ListOffsetsResult ends, ListOffsetsResult beginnings,
			Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> committed,
			Map<String, KafkaFuture<ConsumerGroupDescription>> groups) {

		long end(TopicPartition partition) throws ExecutionException, InterruptedException, TimeoutException {
			return await(this.ends.partitionResult(partition)).offset();
		}

		long reached(Group group, TopicPartition partition)
				throws ExecutionException, InterruptedException, TimeoutException {
			Replay replay = group.replay();
			Long position = null;
			if (replay != null) {
				position = replay.positions().get(partition.partition());
			}
			else if (group.commits()) {
				OffsetAndMetadata offset = await(this.committed.get(group.id())).get(partition);
				position = (offset != null)
						? Long.valueOf(group.function().progress().places().behind(partition, offset.offset())) : null;
			}
			if (position != null) {
				return position;
			}
			if (replay == null && !group.shared()) {
				// it begins at the end
				return group.function().progress().places().position(partition).orElse(Long.MAX_VALUE);
			}
			return await(this.beginnings.partitionResult(partition)).offset();
		}

		Set<TopicPartition> takenByOthers(Group group)
				throws ExecutionException, InterruptedException, TimeoutException {
			if (!group.shared()) {
				return Set.of();
			}
			Set<TopicPartition> taken = new HashSet<>();
			try {
				await(this.groups.get(group.id())).members()
					.forEach((member) -> taken.addAll(member.assignment().topicPartitions()));
			}
			catch (ExecutionException ex) {
				if (!(ex.getCause() instanceof GroupIdNotFoundException)) {
					throw ex;
				}
			}
			taken.removeAll(group.owned());
			return taken;
		}

	}

}
