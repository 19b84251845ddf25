/**
 * Functions that are called by a serverless runtime, which consumes their topics for
 * them.
 */
@NullMarked
package io.sitestream.platform.serverless;

import org.jspecify.annotations.NullMarked;
