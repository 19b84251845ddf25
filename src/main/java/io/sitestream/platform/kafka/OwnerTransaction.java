package io.sitestream.platform.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.RawRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import org.springframework.transaction.support.TransactionTemplate;

/**
 * Calls a function besides its batches, on the thread that owns its partitions, and in a
 * Kafka transaction with their positions where the function needs one: a later owner
 * fences it, so nothing old is ever written after something new.
 */
final class OwnerTransaction {

	private final FunctionTransactions transactions;

	OwnerTransaction(FunctionTransactions transactions) {
		this.transactions = transactions;
	}

	/**
	 * Calls a function.
	 * @param function the function
	 * @param records what it gets, maybe nothing
	 * @param partitions partitions that the consumer owns
	 * @param consumer the consumer, on whose thread this is called
	 */
	void call(BatchFunction function, List<RawRecord> records, Set<TopicPartition> partitions,
			Consumer<?, ?> consumer) {
		if (!function.declaration().isTransactional()) {
			function.again(records);
			return;
		}
		TransactionTemplate own = new TransactionTemplate(this.transactions.manager(function.name()));
		own.executeWithoutResult((transaction) -> {
			function.again(records);
			Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
			partitions
				.forEach((partition) -> positions.put(partition, new OffsetAndMetadata(consumer.position(partition))));
			this.transactions.send(function.name(), positions, consumer.groupMetadata());
		});
	}

}
