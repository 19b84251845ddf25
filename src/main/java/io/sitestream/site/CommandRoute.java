package io.sitestream.site;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.sitestream.platform.Preferences;

/**
 * The way of a command from a request to where it is carried out.
 */
interface CommandRoute {

	/**
	 * Takes a command. When this returns without an exception, the command is accepted
	 * and will not be lost.
	 * @param command the command
	 * @param preferences how long the client waits
	 * @return completes with what came of the command, or with nothing when the client is
	 * not to wait any longer
	 */
	CompletableFuture<Optional<SiteCommandOutcome>> submit(SiteCommand command, Preferences preferences);

}
