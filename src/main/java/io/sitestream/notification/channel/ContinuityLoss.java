package io.sitestream.notification.channel;

import java.util.Locale;

/**
 * Why a subscriber cannot simply go on from where it was.
 */
public enum ContinuityLoss {

	/** It named a position without the epoch to which the position belongs. */
	NO_EPOCH,

	/** The log is a new one. */
	OTHER_EPOCH,

	/** The log does not reach up to that position. */
	BEYOND_END,

	/** Entries behind that position are no longer kept. */
	TRIMMED;

	/**
	 * The reason as clients read it.
	 * @return as {@code other-epoch}
	 */
	public String reason() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
