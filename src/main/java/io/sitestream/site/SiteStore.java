package io.sitestream.site;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import io.sitestream.platform.RecordFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Sites and the ledger of commands in PostgreSQL. Everything is read and written
 * set-wise; rows are locked in the order of their keys, so that two batches never wait
 * for each other in a circle.
 */
@Repository
class SiteStore {

	private final JdbcClient jdbc;

	private final RecordFormat format;

	SiteStore(JdbcClient jdbc, RecordFormat format) {
		this.jdbc = jdbc;
		this.format = format;
	}

	Optional<SiteMetadata> find(String siteId) {
		return this.jdbc.sql("SELECT metadata FROM site.site WHERE site_id = ? AND metadata IS NOT NULL")
			.param(siteId)
			.query(String.class)
			.optional()
			.map((json) -> this.format.read(json.getBytes(UTF_8), SiteMetadata.class));
	}

	/**
	 * Loads sites and locks them until the transaction ends.
	 * @param siteIds which ones
	 * @return those that exist or existed
	 */
	Map<String, Site> lock(Collection<String> siteIds) {
		Map<String, Site> sites = new LinkedHashMap<>();
		this.jdbc
			.sql("SELECT site_id, version, metadata FROM site.site WHERE site_id = ANY(?) ORDER BY site_id FOR UPDATE")
			.param(texts(siteIds))
			.query((row) -> {
				String json = row.getString("metadata");
				sites.put(row.getString("site_id"), new Site(row.getString("site_id"), row.getLong("version"),
						(json != null) ? this.format.read(json.getBytes(UTF_8), SiteMetadata.class) : null));
			});
		return sites;
	}

	/**
	 * What lies on the topic for sites, byte for byte.
	 * @param siteIds which ones
	 * @return those that exist, with their versions
	 */
	List<StoredValue> values(Collection<String> siteIds) {
		return this.jdbc.sql("""
				SELECT site_id, version, metadata FROM site.site
				WHERE site_id = ANY(?) AND metadata IS NOT NULL ORDER BY site_id
				""")
			.param(texts(siteIds))
			.query((row, number) -> new StoredValue(row.getString("site_id"), row.getLong("version"),
					row.getString("metadata")))
			.list();
	}

	Map<String, LedgerEntry> ledger(Collection<String> commandIds) {
		Map<String, LedgerEntry> entries = new LinkedHashMap<>();
		this.jdbc.sql("SELECT command_id, origin, outcome FROM site.command WHERE command_id = ANY(?)")
			.param(texts(commandIds))
			.query((row) -> {
				entries.put(row.getString("command_id"), new LedgerEntry(row.getString("origin"),
						this.format.read(row.getString("outcome").getBytes(UTF_8), SiteCommandOutcome.class)));
			});
		return entries;
	}

	Optional<SiteCommandOutcome> findOutcome(String commandId) {
		return Optional.ofNullable(ledger(List.of(commandId)).get(commandId)).map(LedgerEntry::outcome);
	}

	/**
	 * Which of these instance ids are taken, and by which site.
	 * @param instanceIds the ids
	 * @return site ids by instance id
	 */
	Map<String, String> instances(Collection<String> instanceIds) {
		Map<String, String> owners = new LinkedHashMap<>();
		this.jdbc.sql("SELECT instance_id, site_id FROM site.app_instance WHERE instance_id = ANY(?)")
			.param(texts(instanceIds))
			.query((row) -> {
				owners.put(row.getString("instance_id"), row.getString("site_id"));
			});
		return owners;
	}

	void saveSites(Collection<Site> sites) {
		if (sites.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO site.site (site_id, version, metadata)
				SELECT * FROM unnest(?, ?, ?)
				ON CONFLICT (site_id) DO UPDATE SET version = excluded.version, metadata = excluded.metadata
				WHERE site.site.version < excluded.version
				""")
			.param(sites.stream().map(Site::siteId).toArray(String[]::new))
			.param(sites.stream().map(Site::version).toArray(Long[]::new))
			.param(sites.stream().map((site) -> json(site.metadata())).toArray(String[]::new))
			.update();
	}

	void saveInstances(Collection<String> freed, Map<String, String> taken) {
		if (!freed.isEmpty()) {
			this.jdbc.sql("DELETE FROM site.app_instance WHERE instance_id = ANY(?)").param(texts(freed)).update();
		}
		if (!taken.isEmpty()) {
			this.jdbc.sql("INSERT INTO site.app_instance (instance_id, site_id) SELECT * FROM unnest(?, ?)")
				.param(taken.keySet().toArray(String[]::new))
				.param(taken.values().toArray(String[]::new))
				.update();
		}
	}

	void saveOutcomes(Map<String, LedgerEntry> entries, Instant now) {
		if (entries.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO site.command (command_id, origin, outcome, recorded_at)
				SELECT c, o, r, ? FROM unnest(?, ?, ?) AS entry(c, o, r)
				""")
			.param(Timestamp.from(now))
			.param(entries.keySet().toArray(String[]::new))
			.param(entries.values().stream().map(LedgerEntry::origin).toArray(String[]::new))
			.param(entries.values().stream().map((entry) -> json(entry.outcome())).toArray(String[]::new))
			.update();
	}

	/**
	 * Says of recorded outcomes that another record or path carries them.
	 * @param origins new origins by command id
	 */
	void moveOutcomes(Map<String, String> origins) {
		if (!origins.isEmpty()) {
			this.jdbc.sql("""
					UPDATE site.command SET origin = moved.o FROM unnest(?, ?) AS moved(c, o) WHERE command_id = moved.c
					""")
				.param(origins.keySet().toArray(String[]::new))
				.param(origins.values().toArray(String[]::new))
				.update();
		}
	}

	/**
	 * Forgets outcomes, a chunk at a time, so that no lock is held for long.
	 * @param before those recorded before are forgotten
	 * @param most how many at most
	 * @return how many were forgotten
	 */
	int forgetOutcomes(Instant before, int most) {
		return this.jdbc
			.sql("""
					DELETE FROM site.command WHERE command_id IN
					(SELECT command_id FROM site.command WHERE recorded_at < ? ORDER BY recorded_at LIMIT ? FOR UPDATE SKIP LOCKED)
					""")
			.param(Timestamp.from(before))
			.param(most)
			.update();
	}

	private @Nullable String json(@Nullable Object value) {
		return (value != null) ? new String(this.format.write(value), UTF_8) : null;
	}

	private static String[] texts(Collection<String> values) {
		return new TreeSet<>(values).toArray(String[]::new);
	}

	/**
	 * What came of a command, and which record carried it.
	 *
	 * @param origin the record's position
	 * @param outcome what came of it
	 */
	record LedgerEntry(String origin, SiteCommandOutcome outcome) {

	}

	/**
	 * A site as it lies on the topic.
	 *
	 * @param siteId the site
	 * @param version its version
	 * @param json its value
	 */
	record StoredValue(String siteId, long version, String json) {

	}

}
