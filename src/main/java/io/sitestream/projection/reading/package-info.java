/**
 * How a projection's readers ask Redis: which server they ask, and what they remember of
 * its answers.
 */
@NullMarked
package io.sitestream.projection.reading;

import org.jspecify.annotations.NullMarked;
