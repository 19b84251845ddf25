package io.sitestream.site;

import java.time.Instant;

import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/sites}: sends the newest version of every existing site to the topic
 * again, beside live writes, and tells how far that is.
 */
@Component
@Endpoint(id = "sites")
class SitesEndpoint {

	private final Republisher republisher;

	SitesEndpoint(Republisher republisher) {
		this.republisher = republisher;
	}

	@ReadOperation
	Sites sites() {
		return new Sites(this.republisher.progress().map(Progress::of).orElse(null));
	}

	@WriteOperation
	WebEndpointResponse<Sites> act(String action) {
		switch (action) {
			case "republish" -> {
				if (!this.republisher.start()) {
					throw refused("republish-running", "Sites are being republished, %s: wait, or cancel it."
						.formatted(this.republisher.progress().map(SitesEndpoint::inWords).orElse("")));
				}
			}
			case "cancel" -> {
				if (!this.republisher.cancel()) {
					throw refused("nothing-to-cancel", "No sites are being republished.");
				}
			}
			default -> throw new ProblemException(HttpStatus.BAD_REQUEST, "unknown-action",
					"action '%s' is unknown. Allowed are: republish, cancel.".formatted(action));
		}
		return new WebEndpointResponse<>(sites(), HttpStatus.ACCEPTED.value());
	}

	private static String inWords(Republishing run) {
		return "%d of %d since %s".formatted(run.sent(), run.total(), run.startedAt());
	}

	private static ProblemException refused(String slug, String detail) {
		return new ProblemException(HttpStatus.CONFLICT, slug, detail);
	}

	/**
	 * What an operator sees.
	 *
	 * @param republish the last republishing, or {@code null} if there was none
	 */
	record Sites(@Nullable Progress republish) {

	}

	/**
	 * How far a republishing is.
	 *
	 * @param state whether it goes on
	 * @param sent for how many sites commands were sent
	 * @param total how many sites there were when it began
	 * @param lastSite the last site for which one was sent
	 * @param startedAt when it began
	 * @param finishedAt when it ended
	 */
	record Progress(Republishing.State state, long sent, long total, @Nullable String lastSite, Instant startedAt,
			@Nullable Instant finishedAt) {

		static Progress of(Republishing run) {
			return new Progress(run.state(), run.sent(), run.total(), run.lastSite(), run.startedAt(),
					run.finishedAt());
		}

	}

}
