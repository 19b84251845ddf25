/**
 * Time zones in use, derived from the supported countries. Owns the topics
 * {@code time-zones} and {@code time-zone-overrides}. Consumes {@code countries},
 * {@code time-zone-overrides} and {@code time-zones}. Emits {@code time-zones} and
 * {@code time-zone-overrides}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "business", "kvstore", "platform" })
@Needs(Server.KAFKA)
package io.sitestream.bookings;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
