package io.sitestream.site;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.springframework.http.HttpStatus;

/**
 * The sites of a batch that are to be sent again. One that the same batch changes
 * afterwards is not: the record of the change is newer. When the batch comes again, in
 * other pieces perhaps, the store shows the newer version already and the change's record
 * is still to come, so that is told by the ledger.
 */
final class RepublishedSites {

	private final Map<String, Asked> asked = new LinkedHashMap<>();

	/**
	 * Adds a site.
	 * @param command asks for it
	 * @param origin the position of the command's record
	 * @param version the site's version at that place of the log
	 */
	void add(SiteCommand command, String origin, long version) {
		this.asked.put(command.commandId(), new Asked(command, origin, version));
	}

	/**
	 * The sites to be sent.
	 * @param versions tells the sites' versions after the batch
	 * @return their ids
	 */
	List<String> due(ToLongFunction<String> versions) {
		return this.asked.values()
			.stream()
			.filter((one) -> !one.isOvertaken(versions))
			.map((one) -> one.command().siteId())
			.distinct()
			.toList();
	}

	/**
	 * What must be known when the batch comes again.
	 * @param versions tells the sites' versions after the batch
	 * @return ledger entries by command id
	 */
	Map<String, SiteStore.LedgerEntry> overtaken(ToLongFunction<String> versions) {
		Map<String, SiteStore.LedgerEntry> entries = new LinkedHashMap<>();
		this.asked.forEach((id, one) -> {
			if (one.isOvertaken(versions)) {
				entries.put(id, new SiteStore.LedgerEntry(one.origin(), new SiteCommandOutcome(id,
						one.command().siteId(), HttpStatus.OK.value(), one.version(), null, null)));
			}
		});
		return entries;
	}

	private record Asked(SiteCommand command, String origin, long version) {

		boolean isOvertaken(ToLongFunction<String> versions) {
			return versions.applyAsLong(this.command.siteId()) > this.version;
		}

	}

}
