/**
 * What every HTTP edge shares: problems and security.
 */
@NullMarked
package io.sitestream.platform.web;

import org.jspecify.annotations.NullMarked;
