/**
 * Functions in the shape of AWS Lambda: what drives them as Lambda does, and what proves
 * that they are what they are elsewhere.
 */
@NullMarked
package io.sitestream.lambda;

import org.jspecify.annotations.NullMarked;
