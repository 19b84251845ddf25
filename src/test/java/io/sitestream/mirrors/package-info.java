/**
 * Two data centres, each with a Kafka of its own, and MirrorMaker 2 with the
 * configuration of {@code infra/mirrormaker} between them.
 */
@NullMarked
package io.sitestream.mirrors;

import org.jspecify.annotations.NullMarked;
