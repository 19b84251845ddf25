package io.sitestream.platform.kafka;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.stream.binder.DefaultBinderFactory;
import org.springframework.cloud.stream.binder.kafka.provisioning.KafkaTopicProvisioner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryOperations;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;

/**
 * Lets a process start without Kafka. The binder asks for the partitions of each topic
 * while it starts a binding, and without Kafka keeps the start waiting for minutes per
 * binding. As long as the topics have not been provisioned, the answer is a refusal at
 * once, and the binding is tried again in the background.
 */
final class PromptStart implements DefaultBinderFactory.Listener, RetryOperations {

	private static final Logger log = LoggerFactory.getLogger(PromptStart.class);

	private final ObjectProvider<TopicProvisioning> topics;

	/** A topic that was just created may be unknown to a broker for a moment. */
	private final RetryTemplate moments = new RetryTemplate(
			RetryPolicy.builder().maxRetries(5).delay(Duration.ofMillis(100)).multiplier(2).build());

	PromptStart(ObjectProvider<TopicProvisioning> topics) {
		this.topics = topics;
	}

	@Override
	public void afterBinderContextInitialized(String name, ConfigurableApplicationContext binder) {
		binder.getBeanProvider(KafkaTopicProvisioner.class)
			.ifAvailable((provisioner) -> provisioner.setMetadataRetryOperations(this));
	}

	@Override
	public <R> R execute(Retryable<R> question) throws RetryException {
		if (!this.topics.getObject().isDone()) {
			throw new RetryException("Kafka does not answer yet.", new TimeoutException());
		}
		try {
			return this.moments.execute(question);
		}
		catch (RetryException ex) {
			log.warn("A binding cannot start and is tried again: {}", String.valueOf(ex.getCause()));
			throw ex;
		}
	}

	@Override
	public <R> R invoke(Supplier<R> question) {
		return this.moments.invoke(question);
	}

	@Override
	public void invoke(Runnable question) {
		this.moments.invoke(question);
	}

}
