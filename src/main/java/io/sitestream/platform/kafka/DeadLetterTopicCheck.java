package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.sitestream.platform.TopicProperties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/**
 * Asks Kafka whether a dead-letter topic takes letters now, and of which size, and makes
 * it again where it is missing and topics may be created. What Kafka cannot say is taken
 * for a yes: then the send tells. Safe for use by several threads.
 */
final class DeadLetterTopicCheck implements AutoCloseable {

	private static final int SECONDS = 5;

	private static final long LEARNED_NANOS = Duration.ofMinutes(1).toNanos();

	private static final Logger log = LoggerFactory.getLogger(DeadLetterTopicCheck.class);

	private final TopicPlan plan;

	private final TopicProperties properties;

	private final Map<String, Object> adminConfig;

	private final Map<String, Learned> learned = new ConcurrentHashMap<>();

	private @Nullable Admin admin;

	DeadLetterTopicCheck(TopicPlan plan, TopicProperties properties, KafkaProperties kafka) {
		this.plan = plan;
		this.properties = properties;
		this.adminConfig = new HashMap<>(kafka.buildAdminProperties());
		this.adminConfig.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
		this.adminConfig.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, SECONDS * 1_000);
	}

	/**
	 * Looks at a topic.
	 * @param topic the full name of a dead-letter topic
	 * @return what it takes
	 */
	Result look(String topic) {
		Result result = ask(topic);
		Learned less = this.learned.get(topic);
		return (less != null && System.nanoTime() - less.at() < LEARNED_NANOS) ? result.atMost(less.largest()) : result;
	}

	/**
	 * Learns that a topic did not take a letter that was thought to fit.
	 * @param topic the full name of a dead-letter topic
	 * @param size the size of the letter in bytes
	 */
	void refused(String topic, long size) {
		this.learned.put(topic, new Learned(size / 2, System.nanoTime()));
	}

	private Result ask(String topic) {
		try {
			return describe(topic);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return unknown(topic, ex);
		}
	}

	private Result describe(String topic) throws InterruptedException {
		try {
			TopicDescription found = admin()
				.describeTopics(List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true))
				.allTopicNames()
				.get(SECONDS, TimeUnit.SECONDS)
				.get(topic);
			return (found != null) ? of(topic, found) : Result.UNKNOWN;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof UnknownTopicOrPartitionException) {
				return missing(topic);
			}
			if (ex.getCause() instanceof AuthorizationException) {
				// whoever may write to a topic may also see it
				return Result.refusing("This process may not write to it: %s.".formatted(ex.getCause().getMessage()));
			}
			return unknown(topic, ex);
		}
		catch (TimeoutException ex) {
			return unknown(topic, ex);
		}
	}

	private Result of(String topic, TopicDescription found) throws InterruptedException {
		Set<AclOperation> allowed = found.authorizedOperations();
		if (allowed != null && !allowed.isEmpty() && !allowed.contains(AclOperation.WRITE)
				&& !allowed.contains(AclOperation.ALL)) {
			return Result.refusing("This process may not write to it, only %s.".formatted(allowed));
		}
		Node leader = found.partitions().getFirst().leader();
		if (leader == null || leader.isEmpty()) {
			return Result.refusing("Its partition has no leader.");
		}
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
		try {
			long most = Long.parseLong(admin().describeConfigs(List.of(resource))
				.all()
				.get(SECONDS, TimeUnit.SECONDS)
				.get(resource)
				.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
				.value());
			return Result.UNKNOWN.atMost(most);
		}
		catch (ExecutionException | TimeoutException ex) {
			return unknown(topic, ex);
		}
	}

	private Result missing(String topic) throws InterruptedException {
		NewTopic planned = this.plan.topics().get(topic);
		if (planned == null || !this.properties.create()) {
			return Result.refusing("It does not exist and sitestream.topics.create is false: create it.");
		}
		try {
			admin().createTopics(List.of(planned)).all().get(SECONDS, TimeUnit.SECONDS);
			log.warn("Dead-letter topic '{}' was gone and is created again.", topic);
			return Result.UNKNOWN;
		}
		catch (ExecutionException ex) {
			return (ex.getCause() instanceof TopicExistsException) ? Result.UNKNOWN : Result
				.refusing("It does not exist and cannot be created: %s.".formatted(ex.getCause().getMessage()));
		}
		catch (TimeoutException ex) {
			return unknown(topic, ex);
		}
	}

	private static Result unknown(String topic, Exception cause) {
		log.debug("Kafka does not say what '{}' takes.", topic, cause);
		return Result.UNKNOWN;
	}

	private synchronized Admin admin() {
		if (this.admin == null) {
			this.admin = Admin.create(this.adminConfig);
		}
		return this.admin;
	}

	@Override
	public synchronized void close() {
		if (this.admin != null) {
			this.admin.close(Duration.ZERO);
		}
	}

	/**
	 * What a dead-letter topic takes.
	 *
	 * @param refusal why it takes nothing, a sentence, or {@code null} when it does
	 * @param largest the largest letter in bytes that topic and producer take
	 */
	record Result(@Nullable String refusal, long largest) {

		static final Result UNKNOWN = new Result(null, RecordWriter.LARGEST_LETTER);

		static Result refusing(String sentence) {
			return new Result(sentence, 0);
		}

		Result atMost(long size) {
			return new Result(this.refusal, Math.min(this.largest, size));
		}

	}

	private record Learned(long largest, long at) {

	}

}
