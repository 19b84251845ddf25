package io.sitestream.platform.kafka;

import org.apache.kafka.common.errors.ProducerFencedException;

import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Makes fencing a failed transaction. The container takes a
 * {@link ProducerFencedException} for the sign that somebody else has the partitions,
 * logs it and goes on behind the batch; but a function slower than the transaction's
 * timeout is fenced too, and still owns its partitions. As another exception it leads to
 * a rollback, and the batch comes again where it is still ours. A true zombie stays
 * fenced by the broker.
 *
 * <p>
 * A producer is never used again after an abort: offsets that it did not get rid of
 * before would be committed with its next transaction, though nothing of what they stand
 * for was ever visible.
 */
final class FencingTransactionManager extends KafkaTransactionManager<byte[], byte[]> {

	/** Of the last transaction that was begun on this thread. */
	private static final ThreadLocal<Boolean> COMMIT_ASKED = ThreadLocal.withInitial(() -> false);

	private final transient Trail trail;

	FencingTransactionManager(ProducerFactory<byte[], byte[]> producerFactory, Trail trail) {
		super(producerFactory);
		this.trail = trail;
	}

	/**
	 * Whether the last transaction on this thread came as far as its commit, so that the
	 * broker may have carried it out whatever was heard of it since.
	 * @return whether it may be committed
	 */
	static boolean mayBeCommitted() {
		return COMMIT_ASKED.get();
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		COMMIT_ASKED.set(false);
		super.doBegin(transaction, definition);
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		COMMIT_ASKED.set(true);
		try {
			super.doCommit(status);
			this.trail.ended(Trail.End.COMMITTED);
		}
		catch (ProducerFencedException ex) {
			throw new TransactionSystemException("Fenced at commit: " + ex.getMessage());
		}
		finally {
			// nothing is left of it after a commit
			this.trail.ended(Trail.End.UNKNOWN);
		}
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		this.trail.ended(Trail.End.ABORTED);
		try {
			super.doRollback(status);
		}
		catch (ProducerFencedException ex) {
			throw new TransactionSystemException("Fenced at rollback: " + ex.getMessage());
		}
		finally {
			// closes this producer when the transaction lets go of it
			getProducerFactory().reset();
		}
	}

}
