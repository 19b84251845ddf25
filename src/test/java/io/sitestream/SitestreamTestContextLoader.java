package io.sitestream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.boot.test.context.SpringBootContextLoader;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Gives every application context of a {@link SitestreamTest} a space of its own, before
 * its environment is made.
 */
class SitestreamTestContextLoader extends SpringBootContextLoader {

	@Override
	protected String[] getInlinedProperties(MergedContextConfiguration configuration) {
		String[] modules = configuration.getContextCustomizers()
			.stream()
			.filter(SelectedModules.class::isInstance)
			.flatMap((customizer) -> ((SelectedModules) customizer).names().stream())
			.toArray(String[]::new);
		TestSpace space = TestSpace.of(modules);
		List<String> properties = new ArrayList<>();
		space.properties().forEach((name, value) -> properties.add(name + "=" + value));
		properties.add("sitestream.modules=" + String.join(",", modules));
		properties.add("sitestream.instance-id=" + space.topicPrefix() + "test");
		properties.add("spring.main.banner-mode=off");
		properties.add("spring.main.log-startup-info=false");
		properties.addAll(Arrays.asList(super.getInlinedProperties(configuration)));
		return properties.toArray(String[]::new);
	}

}
