/**
 * Takes files in: cuts them into batches while they come from the socket.
 */
@NullMarked
package io.sitestream.contactjobs.intake;

import org.jspecify.annotations.NullMarked;
