package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.contactjobs.tracking.ImportWatchdogUnitTests.SettableClock;
import io.sitestream.notification.Notification;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tracker itself holds nothing back: whatever a poll brings, and whenever, is told in
 * that poll up to its newest state. So nothing waits for a further event, and the
 * interval between polls is all that can hold a progress back.
 */
class PromptNotificationsUnitTests {

	final FakeStore store = new FakeStore();

	final SettableClock clock = new SettableClock();

	final ImportTracker tracker = new ImportTracker(this.store, new ImportNotifications(JsonMapper.shared()),
			ImportWatchdogUnitTests.aWatchdog(this.store), this.clock);

	final Map<String, Integer> events = new HashMap<>();

	long offset;

	@RepeatedTest(30)
	void tellsTheNewestStateOfEveryImportThatAPollBringsOnceAndAtOnce(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		for (int poll = 0; poll < 40; poll++) {
			Set<String> touched = new HashSet<>();
			List<Consumed<ContactImportEvent>> records = new ArrayList<>();
			for (int i = 0; i < 1 + random.nextInt(8); i++) {
				ContactImportEvent event = next("import-" + random.nextInt(4));
				records.add(consumed(event));
				touched.add(event.importId());
			}
			// none at all, or less than an interval
			this.clock.pass(Duration.ofMillis(random.nextInt(3) * 30));

			List<Emission> emissions = this.tracker.on(records);

			this.store.commit(emissions);
			for (String importId : touched) {
				List<Notification> told = told(emissions, importId);
				assertThat(told.getLast().sequence()).as("poll %d", poll)
					.isEqualTo(this.events.get(importId).longValue());
				assertThat(told).filteredOn((each) -> each.type().equals(ImportNotifications.PROGRESS))
					.hasSizeLessThanOrEqualTo(1);
			}
		}
	}

	private ContactImportEvent next(String importId) {
		int number = this.events.merge(importId, 1, Integer::sum);
		return (number == 1) ? new ImportStarted(importId, "ada", "channel-0123456789", null, ImportFoldUnitTests.AT)
				: new ImportBatchCompleted(importId, number - 1, new RowOutcomes(1, 0, 0, 0, 0),
						ImportFoldUnitTests.AT);
	}

	private Consumed<ContactImportEvent> consumed(ContactImportEvent event) {
		return new Consumed<>(ContactImportTopics.CONTACT_IMPORT_EVENTS, event.importId(), event, Map.of(),
				new Position("contact-import-events", 0, this.offset++), event.at());
	}

	private static List<Notification> told(List<Emission> emissions, String importId) {
		return emissions.stream()
			.map(Emission::value)
			.filter(Notification.class::isInstance)
			.map(Notification.class::cast)
			.filter((notification) -> notification.source().equals("contact-import/" + importId))
			.toList();
	}

}
