package io.sitestream.platform.kafka;

import org.apache.kafka.common.errors.ProducerFencedException;

import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Makes fencing a failed transaction. The container takes a
 * {@link ProducerFencedException} for the sign that somebody else has the partitions,
 * logs it and goes on behind the batch; but a function slower than the transaction's
 * timeout is fenced too, and still owns its partitions. As another exception it leads to
 * a rollback, and the batch comes again where it is still ours. A true zombie stays
 * fenced by the broker.
 */
final class FencingTransactionManager extends KafkaTransactionManager<byte[], byte[]> {

	private final transient Trail trail;

	FencingTransactionManager(ProducerFactory<byte[], byte[]> producerFactory, Trail trail) {
		super(producerFactory);
		this.trail = trail;
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
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
	}

}
