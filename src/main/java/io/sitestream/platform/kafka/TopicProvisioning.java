package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import io.sitestream.platform.Topic;
import io.sitestream.platform.TopicProperties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Creates missing topics and checks those that exist, before any binding starts. A topic
 * with another number of partitions or another cleanup policy would break the order per
 * key or lose records, so the start is refused. Without Kafka the process starts all the
 * same: bindings are retried until it is there, and so is this.
 */
final class TopicProvisioning implements SmartLifecycle {

	/**
	 * Before the bindings, which start at {@code Integer.MIN_VALUE + 1000} (outputs) and
	 * later.
	 */
	private static final int PHASE = Integer.MIN_VALUE + 500;

	private static final int SECONDS = 8;

	private static final Duration PAUSE = Duration.ofSeconds(2);

	/** What an operator has to change. */
	private static final List<Class<? extends Throwable>> PERMANENT = List.of(AuthorizationException.class,
			PolicyViolationException.class, InvalidConfigurationException.class);

	private static final Logger log = LoggerFactory.getLogger(TopicProvisioning.class);

	private final TopicPlan plan;

	private final TopicProperties properties;

	private final Map<String, Object> adminConfig;

	private volatile boolean running;

	private volatile boolean done;

	private final ApplicationEventPublisher events;

	TopicProvisioning(TopicPlan plan, TopicProperties properties, KafkaProperties kafka,
			ApplicationEventPublisher events) {
		this.events = events;
		this.plan = plan;
		this.properties = properties;
		this.adminConfig = new HashMap<>(kafka.buildAdminProperties());
		this.adminConfig.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
		this.adminConfig.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, SECONDS * 1_000);
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Whether all topics are there and as they should be.
	 * @return whether bindings may start
	 */
	boolean isDone() {
		return this.done;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public void start() {
		this.running = true;
		Map<String, NewTopic> topics = this.plan.topics();
		try {
			provision(topics);
		}
		catch (TimeoutException ex) {
			log.warn("Kafka cannot say how {} topics are and is asked again: {}", topics.size(), ex.getMessage());
			Thread.ofVirtual().name("topic-provisioning").start(() -> retry(topics));
		}
	}

	private void retry(Map<String, NewTopic> topics) {
		while (this.running) {
			try {
				provision(topics);
				log.info("Kafka answers: {} topics checked.", topics.size());
				return;
			}
			catch (TimeoutException ex) {
				log.debug("Kafka still cannot say how the topics are.", ex);
				LockSupport.parkNanos(PAUSE.toNanos());
			}
			catch (TopicMismatchException ex) {
				log.error("{}", ex.getMessage());
				AvailabilityChangeEvent.publish(this.events, this, LivenessState.BROKEN);
				return;
			}
		}
	}

	private void provision(Map<String, NewTopic> topics) throws TimeoutException {
		try (Admin admin = Admin.create(this.adminConfig)) {
			Map<String, TopicDescription> existing = describe(admin, topics.keySet());
			List<NewTopic> missing = topics.values()
				.stream()
				.filter((topic) -> !existing.containsKey(topic.name()))
				.toList();
			if (!missing.isEmpty() && !this.properties.create()) {
				throw new TopicMismatchException(
						"Topics %s do not exist and sitestream.topics.create is false: create them first."
							.formatted(missing.stream().map(NewTopic::name).toList()));
			}
			create(admin, missing);
			Map<String, Config> configs = configs(admin, existing.keySet());
			topics.forEach((name, planned) -> {
				TopicDescription found = existing.get(name);
				Config config = configs.get(name);
				if (found != null && config != null) {
					check(planned, found, config);
				}
			});
			this.done = true;
		}
	}

	private static Map<String, TopicDescription> describe(Admin admin, Collection<String> names)
			throws TimeoutException {
		Map<String, TopicDescription> found = new HashMap<>();
		for (var entry : admin.describeTopics(names).topicNameValues().entrySet()) {
			try {
				found.put(entry.getKey(), entry.getValue().get(SECONDS, TimeUnit.SECONDS));
			}
			catch (ExecutionException ex) {
				if (!(ex.getCause() instanceof UnknownTopicOrPartitionException)) {
					throw failure(ex);
				}
			}
			catch (InterruptedException ex) {
				throw interrupted(ex);
			}
		}
		return found;
	}

	private static void create(Admin admin, List<NewTopic> missing) throws TimeoutException {
		for (var created : admin.createTopics(missing).values().entrySet()) {
			try {
				created.getValue().get(SECONDS, TimeUnit.SECONDS);
				log.debug("Created topic {}", created.getKey());
			}
			catch (ExecutionException ex) {
				if (!(ex.getCause() instanceof TopicExistsException)) {
					throw failure(ex);
				}
			}
			catch (InterruptedException ex) {
				throw interrupted(ex);
			}
		}
	}

	private static Map<String, Config> configs(Admin admin, Collection<String> names) throws TimeoutException {
		List<ConfigResource> resources = new ArrayList<>();
		names.forEach((name) -> resources.add(new ConfigResource(ConfigResource.Type.TOPIC, name)));
		try {
			return admin.describeConfigs(resources)
				.all()
				.get(SECONDS, TimeUnit.SECONDS)
				.entrySet()
				.stream()
				.collect(Collectors.toMap((entry) -> entry.getKey().name(), Map.Entry::getValue));
		}
		catch (ExecutionException ex) {
			throw failure(ex);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private static void check(NewTopic planned, TopicDescription found, Config config) {
		int partitions = found.partitions().size();
		if (partitions != planned.numPartitions()) {
			throw new TopicMismatchException(
					"Topic '%s' has %d partitions, %d are configured: the order per key would be lost. Create it anew with %d, or move its records."
						.formatted(planned.name(), partitions, planned.numPartitions(), planned.numPartitions()));
		}
		String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
		String wanted = planned.configs().get(TopicConfig.CLEANUP_POLICY_CONFIG);
		if (!policy.equals(wanted)) {
			throw new TopicMismatchException(
					"Topic '%s' has cleanup.policy '%s', but '%s' is needed: set it with kafka-configs."
						.formatted(planned.name(), policy, wanted));
		}
	}

	private static RuntimeException failure(ExecutionException ex) throws TimeoutException {
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		if (PERMANENT.stream().anyMatch((type) -> type.isInstance(cause))) {
			return new TopicMismatchException("Topics cannot be created or checked: " + cause.getMessage());
		}
		// a broker that is away, or not enough of them for all replicas yet
		throw (TimeoutException) new TimeoutException(String.valueOf(cause.getMessage())).initCause(cause);
	}

	private static RuntimeException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new IllegalStateException("Interrupted while topics were checked", ex);
	}

}
