/**
 * Judges the rows of contact files.
 */
@NullMarked
package io.sitestream.contactimporter.rows;

import org.jspecify.annotations.NullMarked;
