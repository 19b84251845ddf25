/**
 * The edge of every function, once: batches in, errors, acknowledged sends, transactions;
 * and what all modules share at their other edges: module selection, problems, accounts,
 * topics. Owns no store. Consumes and emits on behalf of the functions of the other
 * modules.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package io.sitestream.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
