package io.sitestream.platform.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

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

	private final AtomicReference<@Nullable Runnable> beforeCommit = new AtomicReference<>();

	LossyTransactionManager(ProducerFactory<byte[], byte[]> producerFactory) {
		super(producerFactory);
		this.manager = new FencingTransactionManager(producerFactory, Trail.off());
	}

	void loseNextAnswer() {
		this.answersToLose.incrementAndGet();
	}

	/**
	 * Does something between the sends and the next commit.
	 * @param action what to do
	 */
	void beforeNextCommit(Runnable action) {
		this.beforeCommit.set(action);
	}

	boolean hasCommitted() {
		return this.beforeCommit.get() == null;
	}

	boolean hasLostAll() {
		return this.answersToLose.get() == 0;
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		Runnable action = this.beforeCommit.getAndSet(null);
		if (action != null) {
			action.run();
		}
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
