package io.sitestream.site;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

import io.sitestream.platform.RecordFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What the write path {@code cdc} leaves in the database for the stream to
 * {@code site-metadata}.
 */
@Repository
class SiteChanges {

	private final JdbcClient jdbc;

	private final RecordFormat format;

	SiteChanges(JdbcClient jdbc, RecordFormat format) {
		this.jdbc = jdbc;
		this.format = format;
	}

	/**
	 * Keeps others away from these sites until the transaction ends. Unlike
	 * {@link SiteStore#lock} it does so for sites that do not exist yet.
	 * @param siteIds which ones
	 */
	void reserve(Collection<String> siteIds) {
		SiteReservation.reserve(this.jdbc, siteIds);
	}

	/**
	 * Appends states of sites, in this order. The caller's transaction holds the sites'
	 * locks, so that the states of one site are appended in the order of their versions,
	 * also over several transactions.
	 * @param states the sites as they are to be seen on the topic, deleted ones too
	 */
	void append(Collection<Site> states) {
		if (states.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO site.changes (site_id, version, payload)
				SELECT s, v, p FROM unnest(?, ?, ?) WITH ORDINALITY AS state(s, v, p, n) ORDER BY n
				""")
			.param(states.stream().map(Site::siteId).toArray(String[]::new))
			.param(states.stream().map(Site::version).toArray(Long[]::new))
			.param(states.stream().map(this::payload).toArray(String[]::new))
			.update();
	}

	/**
	 * Appends the states of existing sites once more, as they are stored. The caller's
	 * transaction holds the sites' locks.
	 * @param siteIds the sites
	 */
	void appendAgain(Collection<String> siteIds) {
		if (siteIds.isEmpty()) {
			return;
		}
		this.jdbc.sql("""
				INSERT INTO site.changes (site_id, version, payload)
				SELECT site_id, version, metadata FROM site.site
				WHERE site_id = ANY(?) AND metadata IS NOT NULL ORDER BY site_id
				""").param(siteIds.toArray(String[]::new)).update();
	}

	private @Nullable String payload(Site state) {
		return (state.metadata() != null) ? new String(this.format.write(state.metadata()), StandardCharsets.UTF_8)
				: null;
	}

	/**
	 * How many changes are still to be streamed.
	 * @return the number of rows
	 */
	long waiting() {
		return this.jdbc.sql("SELECT count(*) FROM site.changes").query(Long.class).single();
	}

}
