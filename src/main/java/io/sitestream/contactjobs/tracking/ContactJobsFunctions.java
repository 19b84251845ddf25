package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.KeyValueStores;
import io.sitestream.platform.Edge;
import io.sitestream.platform.OwnedTopics;
import io.sitestream.platform.RawRecord;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.contactjobs.ContactImportTopics.CONTACT_IMPORT_BATCHES;
import static io.sitestream.contactjobs.ContactImportTopics.CONTACT_IMPORT_EVENTS;
import static io.sitestream.contactjobs.tracking.TrackedImport.CONTACT_IMPORTS;
import static io.sitestream.notification.NotificationTopics.NOTIFICATIONS;

/**
 * The functions that follow imports, and the store that shows them.
 */
@Configuration(proxyBeanMethods = false)
class ContactJobsFunctions {

	/**
	 * A poll tells one progress per import, the newest, so a channel hears at most ten a
	 * second. What came after a poll's fetch was answered waits for the next one: at most
	 * 200 ms, less the 50 that the binding's fetch collects, and what two polls take.
	 */
	private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);

	/**
	 * State and notifications go out in one Kafka transaction with the events' offsets. A
	 * repeated event changes nothing; until an hour after the import's end it says the
	 * current notification again.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> trackContactImports(Edge edge, ImportTracker tracker) {
		return edge.<ContactImportEvent>from(CONTACT_IMPORT_EVENTS)
			.to(CONTACT_IMPORTS, NOTIFICATIONS, CONTACT_IMPORT_BATCHES)
			.atMostEvery(PROGRESS_INTERVAL)
			.partitions(tracker)
			.emitting(tracker::on);
	}

	/**
	 * Every instance reads all imports from the beginning.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> refreshContactImports(Edge edge,
			KeyValueStore<TrackedImport> contactImportStore) {
		return edge.from(CONTACT_IMPORTS).replay(contactImportStore.replay());
	}

	@Bean
	KeyValueStore<TrackedImport> contactImportStore(KeyValueStores stores) {
		return stores.of("contact-imports", CONTACT_IMPORTS);
	}

	@Bean
	OwnedTopics contactImportTopics() {
		return new OwnedTopics(CONTACT_IMPORT_BATCHES, CONTACT_IMPORT_EVENTS);
	}

}
