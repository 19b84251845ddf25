/**
 * Answers which apps a site has and which sites an app is on. Owns nothing: it only reads
 * what {@code appswriter} keeps. Consumes and emits nothing.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "projection", "appswriter", "platform" })
@Needs(Server.REDIS)
package io.sitestream.appsreader;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
