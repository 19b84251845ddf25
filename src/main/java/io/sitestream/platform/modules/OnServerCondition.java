package io.sitestream.platform.modules;

import java.util.Map;
import java.util.Objects;

import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.Server;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Behind {@link ConditionalOnServer}.
 */
class OnServerCondition implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Map<String, ?> attributes = Objects
			.requireNonNull(metadata.getAnnotationAttributes(ConditionalOnServer.class.getName()));
		return Objects.requireNonNull(context.getBeanFactory())
			.getBean(ModuleSelection.class)
			.needs((Server) Objects.requireNonNull(attributes.get("value")));
	}

}
