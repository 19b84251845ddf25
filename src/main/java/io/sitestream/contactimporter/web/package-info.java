/**
 * Answers about contacts and about rows that were rejected.
 */
@NullMarked
package io.sitestream.contactimporter.web;

import org.jspecify.annotations.NullMarked;
