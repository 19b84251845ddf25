/**
 * The projection engine: versioned read models in Redis and the tokens that let a reader
 * see its own writes. Owns the form of the keys in Redis. Consumes and emits nothing by
 * itself.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "platform" })
package io.sitestream.projection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
