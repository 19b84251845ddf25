/**
 * The write model of site metadata. Owns sites and their versions in the PostgreSQL
 * schema {@code site}. Consumes {@code site-commands} and {@code site-command-outcomes}.
 * Emits {@code site-commands}, {@code site-metadata} and {@code site-command-outcomes}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "platform" })
@Needs({ Server.KAFKA, Server.POSTGRESQL })
package io.sitestream.site;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
