/**
 * Folds the events of imports into their state, tells their channels, and answers about
 * them.
 */
@NullMarked
package io.sitestream.contactjobs.tracking;

import org.jspecify.annotations.NullMarked;
