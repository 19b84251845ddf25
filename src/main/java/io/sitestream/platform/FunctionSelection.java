package io.sitestream.platform;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.stereotype.Component;

/**
 * Removes the function beans that {@code sitestream.functions} leaves out.
 */
@Component
class FunctionSelection implements BeanDefinitionRegistryPostProcessor {

	private final ModuleSelection selection;

	FunctionSelection(ModuleSelection selection) {
		this.selection = selection;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		this.selection.leftOut()
			.stream()
			.filter(registry::containsBeanDefinition)
			.forEach(registry::removeBeanDefinition);
	}

}
