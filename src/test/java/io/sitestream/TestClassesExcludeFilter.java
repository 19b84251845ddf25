package io.sitestream;

import java.io.IOException;
import java.net.URL;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * Keeps the tests' own beans out of every application that has them on its class path,
 * the development run among them. A test imports what it needs.
 */
class TestClassesExcludeFilter extends TypeExcludeFilter {

	private static final URL TEST_CLASSES = TestClassesExcludeFilter.class.getProtectionDomain()
		.getCodeSource()
		.getLocation();

	@Override
	public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
		return reader.getResource().getURL().toString().startsWith(TEST_CLASSES.toString());
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TestClassesExcludeFilter;
	}

	@Override
	public int hashCode() {
		return TestClassesExcludeFilter.class.hashCode();
	}

	/**
	 * Registers the filter, through {@code spring.factories}.
	 */
	static class Registration implements ApplicationContextInitializer<ConfigurableApplicationContext> {

		@Override
		public void initialize(ConfigurableApplicationContext context) {
			context.getBeanFactory().registerSingleton("testClassesExcludeFilter", new TestClassesExcludeFilter());
		}

	}

}
