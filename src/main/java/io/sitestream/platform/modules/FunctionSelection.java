package io.sitestream.platform.modules;

import io.sitestream.platform.ModuleSelection;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Removes the function beans that {@code sitestream.functions} leaves out. Asks for the
 * selection itself: it is made before Spring can call constructors with parameters.
 */
@Component
class FunctionSelection implements BeanDefinitionRegistryPostProcessor {

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		((BeanFactory) registry).getBean(ModuleSelection.class)
			.leftOut()
			.stream()
			.filter(registry::containsBeanDefinition)
			.forEach(registry::removeBeanDefinition);
	}

}
