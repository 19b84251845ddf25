package io.sitestream.platform.kafka;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Registers the transaction manager of each function under the name that its binding may
 * refer to. Nothing is made of those that no binding refers to, and nothing else becomes
 * transactional by accident.
 */
final class TransactionBeans implements BeanRegistrar {

	@Override
	public void register(BeanRegistry registry, Environment environment) {
		String definition = environment.getProperty("spring.cloud.function.definition", "");
		for (String function : StringUtils.tokenizeToStringArray(definition, ";|,")) {
			registry.registerBean(FunctionTransactions.beanName(function), FencingTransactionManager.class,
					(bean) -> bean.lazyInit()
						.notAutowirable()
						.supplier((context) -> context.bean(FunctionTransactions.class).manager(function)));
		}
	}

}
