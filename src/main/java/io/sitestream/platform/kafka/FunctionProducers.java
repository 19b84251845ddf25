package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;

/**
 * The transactional producers of one function. However often it is reset, and whatever
 * fails, every producer is closed and every id comes back: Spring's own loses a producer
 * that is given back during a reset, and the id of one that cannot be made.
 */
final class FunctionProducers extends DefaultKafkaProducerFactory<byte[], byte[]> {

	private static final int CLOSE_SECONDS = 5;

	private final BlockingQueue<CloseSafeProducer<byte[], byte[]>> idle = new LinkedBlockingQueue<>();

	private final String idPrefix;

	private final TransactionalIds ids;

	/**
	 * Describes the producers.
	 * @param config their configuration
	 * @param idPrefix what their transactional ids begin with: no other function and no
	 * other process may have it
	 * @param ids what their transactional ids end with
	 */
	FunctionProducers(Map<String, Object> config, String idPrefix, TransactionalIds ids) {
		super(config, new ByteArraySerializer(), new ByteArraySerializer());
		this.idPrefix = idPrefix;
		this.ids = ids;
		setTransactionIdPrefix(idPrefix);
		setTransactionIdSuffixStrategy(ids);
		setPhysicalCloseTimeout(CLOSE_SECONDS);
	}

	@Override
	protected Producer<byte[], byte[]> createRawProducer(Map<String, Object> config) {
		try {
			return super.createRawProducer(config);
		}
		catch (RuntimeException ex) {
			// so when no name of a broker can be resolved
			if (config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG) instanceof String id) {
				this.ids.releaseSuffix(this.idPrefix, id.substring(this.idPrefix.length()));
			}
			throw ex;
		}
	}

	@Override
	protected BlockingQueue<CloseSafeProducer<byte[], byte[]>> getCache(@Nullable String prefix) {
		return this.idle;
	}

	/**
	 * Closes the producers that are idle, and has each that is in use closed when it is
	 * given back.
	 */
	@Override
	public void destroy() {
		super.destroy();
		List<CloseSafeProducer<byte[], byte[]>> old = new ArrayList<>();
		this.idle.drainTo(old);
		old.forEach((producer) -> producer.close(getPhysicalCloseTimeout()));
	}

}
