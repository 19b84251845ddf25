/**
 * Projects the apps installed on a site. Owns the views by site and the entries by app in
 * Redis. Consumes {@code site-metadata}. Emits nothing.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "site", "projection", "platform" })
@Needs({ Server.KAFKA, Server.REDIS })
package io.sitestream.appswriter;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
