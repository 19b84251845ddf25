/**
 * What every process that writes Redis checks.
 */
@NullMarked
package io.sitestream.platform.redis;

import org.jspecify.annotations.NullMarked;
