package io.sitestream.platform.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Commits as the edge does, but can lose the answer: the broker has committed, and the
 * caller is told that it failed.
 */
final class LossyTransactionManager extends KafkaTransactionManager<byte[], byte[]> {

	private final FencingTransactionManager manager;

	private final AtomicReference<@Nullable Runnable> insteadOfAnswer = new AtomicReference<>();

	private final AtomicReference<@Nullable Runnable> beforeCommit = new AtomicReference<>();

	private final AtomicInteger failures = new AtomicInteger();

	LossyTransactionManager(FencingTransactionManager manager) {
		super(manager.getProducerFactory());
		this.manager = manager;
	}

	/**
	 * Loses the answer to the next commit.
	 * @param action what happens between the commit and its failure
	 */
	void loseNextAnswer(Runnable action) {
		this.insteadOfAnswer.set(action);
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

	boolean hasLostTheAnswer() {
		return this.insteadOfAnswer.get() == null;
	}

	/**
	 * How many transactions could not begin, or were rolled back.
	 * @return the number
	 */
	int failures() {
		return this.failures.get();
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		try {
			this.manager.doBegin(transaction, definition);
		}
		catch (RuntimeException ex) {
			this.failures.incrementAndGet();
			throw ex;
		}
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		Runnable action = this.beforeCommit.getAndSet(null);
		if (action != null) {
			action.run();
		}
		this.manager.doCommit(status);
		Runnable instead = this.insteadOfAnswer.getAndSet(null);
		if (instead != null) {
			instead.run();
			throw new TransactionSystemException("The answer to the commit was lost.");
		}
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		this.failures.incrementAndGet();
		this.manager.doRollback(status);
	}

}
