/**
 * Functions that move between processes, and processes that end, under load.
 */
@NullMarked
package io.sitestream.shapes;

import org.jspecify.annotations.NullMarked;
