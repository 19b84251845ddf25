package io.sitestream.platform.kafka;

import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;

import org.springframework.cloud.stream.binder.kafka.support.ConsumerConfigCustomizer;

/**
 * Lets the members of a function's group keep what stays theirs while other partitions
 * move, so that a process that comes or goes disturbs nobody else.
 * <p>
 * The assignor stands alone: with another one beside it in the list a consumer would use
 * the protocol that both know, which is the eager one. Kafka's default has both, so
 * members of earlier versions understand it, and one rolling restart is enough.
 * <p>
 * Left as they are: functions with several inputs, since only the range assignor of the
 * default gives partitions of the same number to the same member, and functions without a
 * group, whose consumers share nothing. What the configuration says goes first.
 */
final class CooperativeGroups implements ConsumerConfigCustomizer {

	private final FunctionBeans functions;

	private final FunctionSettings settings;

	CooperativeGroups(FunctionBeans functions, FunctionSettings settings) {
		this.functions = functions;
		this.settings = settings;
	}

	@Override
	public void configure(Map<String, Object> properties, String binding, String destination) {
		this.functions.ofBinding(binding)
			.filter((function) -> this.settings.isGrouped(function.name()))
			.filter((function) -> function.declaration().inputs().size() == 1)
			.filter((function) -> isClassic(properties))
			.ifPresent((function) -> properties.putIfAbsent(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
					CooperativeStickyAssignor.class.getName()));
	}

	/** With the newer protocol the broker assigns, and an assignor here is refused. */
	private static boolean isClassic(Map<String, Object> properties) {
		Object protocol = properties.getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name());
		return GroupProtocol.CLASSIC.name().equalsIgnoreCase(protocol.toString());
	}

}
