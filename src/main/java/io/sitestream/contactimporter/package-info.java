/**
 * Reads the rows of an import and stores contacts. Owns contacts, recorded outcomes and
 * rejected rows in the PostgreSQL schema {@code contacts}. Consumes
 * {@code contact-import-batches}. Emits {@code contact-import-events}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "contactjobs", "platform" })
@Needs({ Server.KAFKA, Server.POSTGRESQL })
package io.sitestream.contactimporter;

import io.sitestream.platform.Needs;
import io.sitestream.platform.Server;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
