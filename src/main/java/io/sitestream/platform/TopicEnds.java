package io.sitestream.platform;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import io.sitestream.platform.modules.ConditionalOnServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Where topics end at this moment, and how far functions have come, asked from any
 * thread. Connects at the first question. Safe for use by several threads.
 */
@Component
@ConditionalOnServer(Server.KAFKA)
public class TopicEnds implements DisposableBean {

	private final TopicNames names;

	private final Map<String, Object> config;

	private @Nullable Admin admin;

	TopicEnds(TopicNames names, KafkaProperties kafka) {
		this.names = names;
		this.config = new HashMap<>(kafka.buildAdminProperties());
	}

	/**
	 * For each partition the offset after the last record, transactions that are still
	 * open included: whoever has passed these offsets, reading committed, has seen
	 * everything that was acknowledged before the call.
	 * @param topic the topic
	 * @param timeout how long to wait for the broker
	 * @return the offsets
	 * @throws ProblemException 503 {@code broker-unavailable} if it did not answer in
	 * time
	 */
	public Map<Integer, Long> endOffsets(Topic<?> topic, Duration timeout) {
		Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
		for (int partition = 0; partition < topic.partitions(); partition++) {
			latest.put(new TopicPartition(this.names.of(topic), partition), OffsetSpec.latest());
		}
		ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
		Map<TopicPartition, ListOffsetsResultInfo> ends = ask(timeout, "where topic '%s' ends".formatted(topic.name()),
				(client) -> client.listOffsets(latest, options).all());
		Map<Integer, Long> offsets = new TreeMap<>();
		ends.forEach((partition, end) -> offsets.put(partition.partition(), end.offset()));
		return offsets;
	}

	/**
	 * Whether a function is through with a record. What a function emitted for it lies in
	 * its output topics by then, before the ends that {@link #endOffsets} tells after
	 * this call.
	 * @param function the name of the function, wherever it runs
	 * @param position the record
	 * @param timeout how long to wait for the broker
	 * @return whether the function's committed offset has passed the record
	 * @throws ProblemException 503 {@code broker-unavailable} if it did not answer in
	 * time
	 */
	public boolean isProcessed(String function, Position position, Duration timeout) {
		Map<TopicPartition, OffsetAndMetadata> offsets = ask(timeout, "how far function '%s' is".formatted(function),
				(client) -> client.listConsumerGroupOffsets(this.names.group(function))
					.partitionsToOffsetAndMetadata());
		OffsetAndMetadata committed = offsets.get(new TopicPartition(position.topic(), position.partition()));
		return committed != null && committed.offset() > position.offset();
	}

	/**
	 * How far a group has come.
	 * @param group the full name of the group
	 * @param topic the topic
	 * @param timeout how long to wait for the broker
	 * @return for each partition the offset that the group would read next; partitions
	 * for which it has committed nothing are missing
	 * @throws ProblemException 503 {@code broker-unavailable} if it did not answer in
	 * time
	 */
	public Map<Integer, Long> committedOffsets(String group, Topic<?> topic, Duration timeout) {
		Map<TopicPartition, OffsetAndMetadata> offsets = ask(timeout, "how far group '%s' is".formatted(group),
				(client) -> client.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
		Map<Integer, Long> committed = new TreeMap<>();
		offsets.forEach((partition, offset) -> {
			if (offset != null && partition.topic().equals(this.names.of(topic))) {
				committed.put(partition.partition(), offset.offset());
			}
		});
		return committed;
	}

	/**
	 * Forgets a group that nobody is a member of any more. One that Kafka does not know
	 * is forgotten already.
	 * @param group the full name of the group
	 * @param timeout how long to wait for the broker
	 * @throws ProblemException 503 {@code broker-unavailable} if it did not answer in
	 * time, or refused
	 */
	public void forgetGroup(String group, Duration timeout) {
		Collection<GroupListing> groups = ask(timeout, "which groups there are",
				(client) -> client.listGroups().valid());
		if (groups.stream().anyMatch((listed) -> listed.groupId().equals(group))) {
			ask(timeout, "that group '%s' is forgotten".formatted(group),
					(client) -> client.deleteConsumerGroups(List.of(group)).all());
		}
	}

	/**
	 * Waits until {@link #isProcessed} says so, asking every 20 ms.
	 * @param function the name of the function, wherever it runs
	 * @param position the record
	 * @param timeout how long to wait
	 * @return whether the function is through with the record
	 * @throws ProblemException 503 {@code broker-unavailable} if the broker did not
	 * answer
	 */
	public boolean awaitProcessed(String function, Position position, Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!isProcessed(function, position, timeout)) {
			if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
		return true;
	}

	/**
	 * What tells a topic from others of its name.
	 * @param topic the topic
	 * @param timeout how long to wait for the broker
	 * @return the identity
	 * @throws ProblemException 503 {@code broker-unavailable} if it did not answer in
	 * time, or does not have the topic
	 */
	public TopicIdentity identity(Topic<?> topic, Duration timeout) {
		String name = this.names.of(topic);
		String what = "which topic '%s' is".formatted(topic.name());
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
		Config config = Objects.requireNonNull(
				ask(timeout, what, (client) -> client.describeConfigs(List.of(resource)).all()).get(resource));
		return new TopicIdentity(topicId(topic, timeout),
				Duration.ofMillis(Long.parseLong(config.get(TopicConfig.DELETE_RETENTION_MS_CONFIG).value())));
	}

	/**
	 * The id of a topic, which another one that takes its name later does not have.
	 * @param topic the topic
	 * @param timeout how long to wait for the broker
	 * @return the id
	 * @throws ProblemException 503 {@code broker-unavailable} if it did not answer in
	 * time, or does not have the topic
	 */
	public String topicId(Topic<?> topic, Duration timeout) {
		String name = this.names.of(topic);
		TopicDescription description = Objects
			.requireNonNull(ask(timeout, "which topic '%s' is".formatted(topic.name()),
					(client) -> client.describeTopics(List.of(name)).allTopicNames())
				.get(name));
		return description.topicId().toString();
	}

	private <T> T ask(Duration timeout, String what, Function<Admin, KafkaFuture<T>> question) {
		try {
			return question.apply(client()).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unavailable(timeout, what, ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw unavailable(timeout, what, ex);
		}
	}

	private static ProblemException unavailable(Duration timeout, String what, Exception cause) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "broker-unavailable",
				"Kafka did not say within %d ms %s. Nothing was changed by this question: try again."
					.formatted(timeout.toMillis(), what),
				cause);
	}

	private synchronized Admin client() {
		if (this.admin == null) {
			this.admin = Admin.create(this.config);
		}
		return this.admin;
	}

	@Override
	public synchronized void destroy() {
		if (this.admin != null) {
			this.admin.close(Duration.ofSeconds(1));
			this.admin = null;
		}
	}

}
