/**
 * Functions that move between processes, processes that end under load, and the same
 * behaviour in every shape.
 */
@NullMarked
package io.sitestream.shapes;

import org.jspecify.annotations.NullMarked;
