package io.sitestream;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test of the running application on real servers, on a free HTTP port, in open mode.
 * Tests with the same modules and properties share one application; every application has
 * its own topics, groups, Redis keys and database.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ContextConfiguration(loader = SitestreamTestContextLoader.class)
public @interface SitestreamTest {

	/**
	 * The feature modules to run, all by default. Only the servers that they need are
	 * started.
	 */
	String[] modules() default {};

	/**
	 * Properties in the form {@code name=value}. They win over those that name the
	 * servers, so that a test may bring its own.
	 */
	@AliasFor(annotation = SpringBootTest.class, attribute = "properties")
	String[] properties() default {};

	@AliasFor(annotation = SpringBootTest.class, attribute = "classes")
	Class<?>[] classes() default {};

}
