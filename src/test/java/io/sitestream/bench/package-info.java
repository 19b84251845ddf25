/**
 * Programs that make load and measure, run by hand; CONTRIBUTING has their commands.
 */
@NullMarked
package io.sitestream.bench;

import org.jspecify.annotations.NullMarked;
