/**
 * The key-value engine: a map in memory that follows a compacted topic. Owns nothing but
 * the form of a store. Consumes and emits what the modules that declare stores say.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "platform" })
package io.sitestream.kvstore;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
