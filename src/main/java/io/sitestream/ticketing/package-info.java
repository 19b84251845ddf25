/**
 * Local times for tickets. Owns nothing: it keeps its own copy of the time zones in
 * memory. Consumes {@code time-zones}. Emits nothing.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "bookings", "kvstore", "platform" })
@Needs(Server.KAFKA)
package io.sitestream.ticketing;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
