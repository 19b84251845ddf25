/**
 * Which modules a process runs, and what follows for beans, bindings, servers and
 * schemas.
 */
@NullMarked
package io.sitestream.platform.modules;

import org.jspecify.annotations.NullMarked;
