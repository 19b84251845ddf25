/**
 * The countries that the platform supports. Owns the topic {@code countries}. Consumes
 * {@code countries}. Emits {@code countries}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "kvstore", "platform" })
@Needs(Server.KAFKA)
package io.sitestream.business;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
