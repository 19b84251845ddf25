package io.sitestream.platform;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a record that values written by earlier releases lack. A number is 0
 * then; of anything else the record's constructor takes {@code null} and makes a value.
 * Every other component that is not {@code @Nullable} is required when a value is read.
 *
 * @see RecordFormat
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.RECORD_COMPONENT, ElementType.FIELD })
public @interface AddedLater {

}
