package io.sitestream.platform.kafka;

import java.util.Map;

import io.sitestream.platform.Serving;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.kafka.transaction.KafkaAwareTransactionManager;

/**
 * Refuses the start when a function that writes a compacted topic is bound without its
 * own transactions, or another one with some. The binder would say it where nobody reads
 * it, and try again.
 */
final class BoundTransactions implements SmartInitializingSingleton {

	private static final String PREFIX = "spring.cloud.stream.kafka";

	private final FunctionBeans functions;

	private final FunctionTransactions transactions;

	private final BeanFactory beans;

	private final Environment environment;

	private final Serving serving;

	BoundTransactions(FunctionBeans functions, FunctionTransactions transactions, BeanFactory beans,
			Environment environment, Serving serving) {
		this.functions = functions;
		this.transactions = transactions;
		this.beans = beans;
		this.environment = environment;
		this.serving = serving;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.serving.isCalled()) {
			return;
		}
		Binder binder = Binder.get(this.environment);
		String usual = binder.bind(PREFIX + ".default.consumer.transaction-manager", String.class).orElse("");
		Map<String, Bound> bindings = binder.bind(PREFIX + ".bindings", Bindable.mapOf(String.class, Bound.class))
			.orElse(Map.of());
		this.functions.all().forEach((name, function) -> {
			Bound bound = bindings.get(name + FunctionBeans.INPUT);
			check(name, function.declaration().isTransactional(), (bound != null) ? bound.manager(usual) : usual);
		});
	}

	private void check(String function, boolean transactional, String manager) {
		if (transactional ? !isOwn(function, manager) : !manager.isEmpty()) {
			throw new IllegalStateException(refusal(function, transactional,
					manager.isEmpty() ? "no transaction manager" : "transaction manager '" + manager + "'"));
		}
	}

	private boolean isOwn(String function, String manager) {
		return !manager.isEmpty() && this.beans.containsBean(manager)
				&& this.beans.getBean(manager) instanceof KafkaAwareTransactionManager<?, ?> found
				&& this.transactions.isOf(function, found);
	}

	/**
	 * What is wrong with a binding, and what to do.
	 * @param function the function
	 * @param transactional whether it needs transactions
	 * @param found what its binding has
	 * @return the sentence
	 */
	static String refusal(String function, boolean transactional, String found) {
		return "Binding %s has %s, but its function %s a compacted topic: set %s.bindings.%s.consumer.transaction-manager to %s."
			.formatted(function + FunctionBeans.INPUT, found, transactional ? "writes" : "does not write", PREFIX,
					function + FunctionBeans.INPUT,
					transactional ? FunctionTransactions.beanName(function) : "nothing");
	}

	/**
	 * What is looked at of a binding.
	 *
	 * @param consumer its consumer
	 */
	record Bound(@Nullable Consuming consumer) {

		String manager(String usual) {
			return (this.consumer != null && this.consumer.transactionManager() != null)
					? this.consumer.transactionManager() : usual;
		}

		/**
		 * A consumer.
		 *
		 * @param transactionManager the bean's name
		 */
		record Consuming(@Nullable String transactionManager) {

		}

	}

}
