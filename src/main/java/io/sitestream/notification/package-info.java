/**
 * Channels: whatever a service has to say to a browser, in order, once, over any number
 * of reconnects. Owns the channels' logs in Redis. Consumes {@code notifications}. Emits
 * nothing.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "platform" })
@Needs({ Server.KAFKA, Server.REDIS })
package io.sitestream.notification;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
