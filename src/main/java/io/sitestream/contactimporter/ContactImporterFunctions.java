package io.sitestream.contactimporter;

import java.util.List;
import java.util.function.Consumer;

import io.sitestream.contactjobs.ImportBatch;
import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

import static io.sitestream.contactjobs.ContactImportTopics.CONTACT_IMPORT_BATCHES;
import static io.sitestream.contactjobs.ContactImportTopics.CONTACT_IMPORT_EVENTS;

/**
 * The function that stores contacts.
 */
@Configuration(proxyBeanMethods = false)
class ContactImporterFunctions {

	/**
	 * Delivered at least once; a repeated batch repeats its recorded answer and changes
	 * nothing. A batch that cannot be processed is answered with its rows rejected, and
	 * kept as a dead letter.
	 */
	@Bean
	Consumer<Message<List<RawRecord>>> importContacts(Edge edge, BatchImporter importer, FailedBatches failed) {
		return edge.<ImportBatch>from(CONTACT_IMPORT_BATCHES)
			.to(CONTACT_IMPORT_EVENTS)
			.answeringDeadLetters(failed::answer)
			.emitting(importer::on);
	}

}
