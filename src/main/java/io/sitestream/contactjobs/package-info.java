/**
 * Accepts, cuts and tracks contact imports. Owns the import protocol in both directions
 * and the folded state of every import. Consumes {@code contact-import-events} and
 * {@code contact-imports}. Emits {@code contact-import-batches},
 * {@code contact-import-events}, {@code contact-imports} and {@code notifications}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "notification", "kvstore", "platform" })
@Needs(Server.KAFKA)
package io.sitestream.contactjobs;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
