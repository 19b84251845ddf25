/**
 * Sitestream: consume and project, event-driven imports, in-memory stores. Every
 * sub-package is a module.
 */
@NullMarked
package io.sitestream;

import org.jspecify.annotations.NullMarked;
