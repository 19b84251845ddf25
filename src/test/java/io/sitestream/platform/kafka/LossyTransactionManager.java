package io.sitestream.platform.kafka;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Commits as the edge does, but can lose the answer: the broker has committed, and the
 * caller is told that it failed.
 */
final class LossyTransactionManager extends KafkaTransactionManager<byte[], byte[]> {

	private final FencingTransactionManager manager;

	private final AtomicInteger answersToLose = new AtomicInteger();

	LossyTransactionManager(ProducerFactory<byte[], byte[]> producerFactory) {
		super(producerFactory);
		this.manager = new FencingTransactionManager(producerFactory);
	}

	void loseNextAnswer() {
		this.answersToLose.incrementAndGet();
	}

	boolean hasLostAll() {
		return this.answersToLose.get() == 0;
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		this.manager.doCommit(status);
		if (this.answersToLose.getAndUpdate((count) -> Math.max(0, count - 1)) > 0) {
			throw new TransactionSystemException("The answer to the commit was lost.");
		}
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		this.manager.doRollback(status);
	}

}
