/**
 * The channels' logs in Redis: one stream per channel, in the channel's slot, and what
 * appends to it.
 */
@NullMarked
package io.sitestream.notification.channel;

import org.jspecify.annotations.NullMarked;
