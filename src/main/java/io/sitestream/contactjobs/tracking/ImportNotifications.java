package io.sitestream.contactjobs.tracking;

import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.notification.Notification;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * What the channel of an import hears. A notification follows from the import alone, so
 * whoever says it again says the same, under the same sequence.
 */
@Component
class ImportNotifications {

	static final String ACCEPTED = "contact-import.accepted";

	static final String PROGRESS = "contact-import.progress";

	static final String COMPLETED = "contact-import.completed";

	static final String FAILED = "contact-import.failed";

	static final String UNDONE = "contact-import.undone";

	private final JsonMapper mapper;

	ImportNotifications(JsonMapper mapper) {
		this.mapper = mapper;
	}

	Notification of(TrackedImport tracked) {
		ContactImport body = tracked.contactImport();
		return new Notification(body.importId() + "-" + tracked.sequence(), "contact-import/" + body.importId(),
				tracked.sequence(), tracked.account(), body.channelId(), type(tracked), this.mapper.valueToTree(body));
	}

	private static String type(TrackedImport tracked) {
		State state = tracked.contactImport().state();
		return switch (state) {
			case RUNNING -> (tracked.sequence() == 1) ? ACCEPTED : PROGRESS;
			case COMPLETED -> COMPLETED;
			case FAILED -> FAILED;
			case UNDOING -> throw new IllegalStateException("An undo is told when it is done.");
			case UNDONE -> UNDONE;
		};
	}

}
