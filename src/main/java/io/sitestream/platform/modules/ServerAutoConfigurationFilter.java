package io.sitestream.platform.modules;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Server;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Leaves out the auto-configuration of servers that none of the selected modules needs,
 * so that a process makes no connection, and asks for no address, without a use.
 */
class ServerAutoConfigurationFilter implements AutoConfigurationImportFilter, BeanFactoryAware {

	private static final Map<Server, List<String>> PACKAGES = Map.of(Server.KAFKA,
			List.of("org.springframework.boot.kafka.", "org.springframework.cloud.stream.",
					"org.springframework.cloud.function."),
			Server.REDIS, List.of("org.springframework.boot.data.redis."), Server.POSTGRESQL,
			List.of("org.springframework.boot.jdbc.", "org.springframework.boot.flyway.",
					"org.springframework.boot.sql."));

	private @Nullable ModuleSelection selection;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.selection = beanFactory.getBeanProvider(ModuleSelection.class).getIfAvailable();
	}

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			String name = classes[i];
			matches[i] = name == null || isNeeded(name);
		}
		return matches;
	}

	private boolean isNeeded(String autoConfiguration) {
		ModuleSelection selected = this.selection;
		return selected == null || Arrays.stream(Server.values())
			.filter((server) -> PACKAGES.getOrDefault(server, List.of())
				.stream()
				.anyMatch(autoConfiguration::startsWith))
			.allMatch(selected::needs);
	}

}
