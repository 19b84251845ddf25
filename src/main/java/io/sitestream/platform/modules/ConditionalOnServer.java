package io.sitestream.platform.modules;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.sitestream.platform.Server;

import org.springframework.context.annotation.Conditional;

/**
 * Only when a selected module needs the server. For configurations of the platform alone:
 * modules are left out whole.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnServerCondition.class)
public @interface ConditionalOnServer {

	Server value();

}
