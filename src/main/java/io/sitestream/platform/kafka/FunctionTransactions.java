package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.kafka.transaction.KafkaAwareTransactionManager;

/**
 * The Kafka transactions of the functions that write a compacted topic: each has
 * producers and a transaction manager of its own. Offsets that a transaction was given
 * may outlive its abort within its producer, and would be committed by whoever has that
 * producer next, under that one's group.
 */
final class FunctionTransactions implements RecordSender, DisposableBean {

	private final Map<String, Object> producerConfig;

	private final String idPrefix;

	private final ToIntFunction<String> concurrency;

	private final Trail trail;

	private final Map<String, Own> functions = new ConcurrentHashMap<>();

	/**
	 * Creates the transactions.
	 * @param producerConfig what producers are configured with
	 * @param idPrefix what transactional ids begin with: different for every process
	 * @param concurrency says how many consumers a function has
	 * @param trail hears how transactions end
	 */
	FunctionTransactions(Map<String, Object> producerConfig, String idPrefix, ToIntFunction<String> concurrency,
			Trail trail) {
		this.producerConfig = Map.copyOf(producerConfig);
		this.idPrefix = idPrefix;
		this.concurrency = concurrency;
		this.trail = trail;
	}

	/**
	 * The name of the bean that the input binding of a function names as its transaction
	 * manager.
	 * @param function the function's name
	 * @return the bean's name
	 */
	static String beanName(String function) {
		return function + "TransactionManager";
	}

	FencingTransactionManager manager(String function) {
		return own(function).manager();
	}

	boolean isOf(String function, KafkaAwareTransactionManager<?, ?> manager) {
		return manager.getProducerFactory() == manager(function).getProducerFactory();
	}

	/**
	 * Sends within the transaction that is open on this thread; its commit waits for all.
	 * @param function whose transaction it is
	 * @param records the records
	 */
	@Override
	public void send(String function, List<ProducerRecord<byte[], byte[]>> records) {
		records.forEach(template(function, records)::send);
	}

	@Override
	public List<Optional<Throwable>> keep(String function, List<ProducerRecord<byte[], byte[]>> letters) {
		KafkaTemplate<byte[], byte[]> template = template(function, letters);
		DeadLetterSends sends = DeadLetterSends.begin(template, letters);
		template.flush();
		return sends.await();
	}

	private KafkaTemplate<byte[], byte[]> template(String function, List<?> records) {
		KafkaTemplate<byte[], byte[]> template = own(function).template();
		if (!records.isEmpty() && !template.inTransaction()) {
			throw new IllegalStateException(
					"%s writes a compacted topic and runs without its Kafka transaction: its binding's transaction-manager is not %s."
						.formatted(function, beanName(function)));
		}
		return template;
	}

	/**
	 * Has offsets committed by the transaction that is open on this thread.
	 * @param function whose transaction it is
	 * @param offsets the offsets
	 * @param group the group
	 */
	void send(String function, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
		own(function).template().sendOffsetsToTransaction(offsets, group);
	}

	/**
	 * Closes the producers, once no function runs any more.
	 */
	@Override
	public void destroy() {
		this.functions.values().forEach((own) -> own.manager().getProducerFactory().reset());
	}

	private Own own(String function) {
		return this.functions.computeIfAbsent(function, this::create);
	}

	private Own create(String function) {
		FunctionProducers producers = new FunctionProducers(this.producerConfig, this.idPrefix + function + "-",
				new TransactionalIds(function, this.concurrency.applyAsInt(function)));
		KafkaTemplate<byte[], byte[]> template = new KafkaTemplate<>(producers);
		template.setProducerListener(new ProducerListener<>() {
		});
		return new Own(new FencingTransactionManager(producers, this.trail), template);
	}

	private record Own(FencingTransactionManager manager, KafkaTemplate<byte[], byte[]> template) {

	}

}
