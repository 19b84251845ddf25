package io.sitestream.site;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Up to where the commands of a topic are known to be published, by partition, in
 * PostgreSQL. Offsets only grow, but for those of a log that was lost.
 */
@Repository
class PublishedOffsets {

	private final JdbcClient jdbc;

	PublishedOffsets(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	Map<Integer, Long> find(String topicId) {
		Map<Integer, Long> offsets = new TreeMap<>();
		this.jdbc.sql("SELECT partition, up_to FROM site.published WHERE topic_id = ?").param(topicId).query((row) -> {
			offsets.put(row.getInt("partition"), row.getLong("up_to"));
		});
		return offsets;
	}

	void save(String topicId, Map<Integer, Long> offsets) {
		if (!offsets.isEmpty()) {
			this.jdbc.sql("""
					INSERT INTO site.published (topic_id, partition, up_to)
					SELECT ?, p, u FROM unnest(?, ?) AS known(p, u) ORDER BY p
					ON CONFLICT (topic_id, partition) DO UPDATE SET up_to = excluded.up_to
					WHERE site.published.up_to < excluded.up_to
					""")
				.param(topicId)
				.param(offsets.keySet().toArray(Integer[]::new))
				.param(offsets.values().toArray(Long[]::new))
				.update();
		}
	}

	/**
	 * Forgets offsets behind the end of their log: it was cut off since, and other
	 * commands will lie there.
	 * @param topicId the topic
	 * @param ends where its partitions end
	 */
	void forgetBeyond(String topicId, Map<Integer, Long> ends) {
		if (!ends.isEmpty()) {
			this.jdbc.sql("""
					DELETE FROM site.published USING unnest(?, ?) AS ending(p, e)
					WHERE topic_id = ? AND partition = p AND up_to > e
					""")
				.param(ends.keySet().toArray(Integer[]::new))
				.param(ends.values().toArray(Long[]::new))
				.param(topicId)
				.update();
		}
	}

}
