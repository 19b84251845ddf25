package io.sitestream.site;

import java.util.Collection;
import java.util.TreeSet;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Locks on the names of sites, existing or not, on the write path {@code cdc}: who writes
 * a site holds its lock until the end of the transaction.
 */
public final class SiteReservation {

	private SiteReservation() {
	}

	/**
	 * Waits until nobody else works on these sites, and keeps others away until the
	 * transaction ends. What those others have written is visible to the next statement.
	 * @param jdbc runs in the transaction
	 * @param siteIds which ones
	 */
	public static void reserve(JdbcClient jdbc, Collection<String> siteIds) {
		jdbc.sql("""
				SELECT count(pg_advisory_xact_lock(key)) FROM
				(SELECT DISTINCT hashtextextended(site_id, 5173) AS key FROM unnest(?) AS site_id ORDER BY key) AS keys
				""").param(new TreeSet<>(siteIds).toArray(String[]::new)).query(Long.class).single();
	}

}
