/**
 * Measurements beside peers, on servers in this process. Built and run by the profile
 * {@code bench} alone.
 */
@NullMarked
package io.sitestream.bench;

import org.jspecify.annotations.NullMarked;
