/**
 * STOMP 1.2 over WebSocket: every subscriber reads its channel's log from its own
 * position.
 */
@NullMarked
package io.sitestream.notification.stomp;

import org.jspecify.annotations.NullMarked;
