package io.sitestream;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Keeps applications with different modules apart in the cache of test contexts.
 *
 * @param names as in {@link SitestreamTest#modules()}
 */
record SelectedModules(List<String> names) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		// the loader has told the environment
	}

	/**
	 * Reads the modules from the test class.
	 */
	static class Factory implements ContextCustomizerFactory {

		@Override
		public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
				List<ContextConfigurationAttributes> attributes) {
			SitestreamTest test = TestContextAnnotationUtils.findMergedAnnotation(testClass, SitestreamTest.class);
			return (test != null) ? new SelectedModules(List.of(test.modules())) : null;
		}

	}

}
