package io.sitestream.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the package of a feature module and says which servers it needs. Engines carry no
 * such mark: they come with the feature modules that depend on them.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {

	Server[] value();

}
