package io.sitestream.shapes;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What a system has come to: the tables, the newest record of each key of the compacted
 * topics, and what its clients were told. Four things differ by nature, and are left out:
 * ids that the system makes (every UUID), times (every instant, also a zone's next
 * transition), the age of contacts, a sequence number in the order of storing, which is
 * free for the batches of one file, and how far the commands of a topic are known to be
 * published, which depends on how they were polled. So is the prefix of the space.
 *
 * @param lines one for each row, record and answer, in no particular order
 */
record FinalState(List<String> lines) {

	private static final List<String> COMPACTED = List.of("site-metadata", "contact-imports", "countries",
			"time-zone-overrides", "time-zones");

	private static final String TABLES = """
			select table_schema || '.' || table_name from information_schema.tables
			where table_schema in ('site', 'contacts') and table_name not like 'flyway%' and table_name <> 'published'
			order by 1""";

	/**
	 * Reads the state of a system that has come to rest.
	 * @param space where it lives
	 * @param told what its clients were told
	 * @return the state
	 */
	static FinalState of(TestSpace space, List<String> told) {
		List<String> lines = new ArrayList<>(told);
		readTables(space, lines);
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix())) {
			COMPACTED.forEach((topic) -> newest(probe, topic).forEach((key, record) -> lines
				.add("topic %s %s %s %s".formatted(topic, key, version(record), TopicProbe.value(record)))));
		}
		return new FinalState(lines.stream().map((line) -> normal(line, space)).toList());
	}

	long count(String kind) {
		return this.lines.stream().filter((line) -> line.startsWith(kind + " ")).count();
	}

	private static Map<String, ConsumerRecord<byte[], byte[]>> newest(TopicProbe probe, String topic) {
		Map<String, ConsumerRecord<byte[], byte[]>> newest = new TreeMap<>();
		probe.committed(topic).forEach((record) -> newest.put(new String(record.key(), UTF_8), record));
		return newest;
	}

	private static String version(ConsumerRecord<byte[], byte[]> record) {
		Header version = record.headers().lastHeader("ce_siteversion");
		return (version != null) ? "v" + new String(version.value(), UTF_8) : "-";
	}

	private static void readTables(TestSpace space, List<String> lines) {
		String url = space.properties().get("spring.datasource.url");
		try (Connection connection = DriverManager.getConnection(url,
				space.properties().get("spring.datasource.username"), "");
				Statement statement = connection.createStatement()) {
			for (String table : texts(statement, TABLES)) {
				texts(statement, "select to_jsonb(t)::text from %s t".formatted(table))
					.forEach((row) -> lines.add("table %s %s".formatted(table, row)));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot read " + url, ex);
		}
	}

	private static List<String> texts(Statement statement, String query) throws SQLException {
		List<String> texts = new ArrayList<>();
		try (ResultSet result = statement.executeQuery(query)) {
			while (result.next()) {
				texts.add(result.getString(1));
			}
		}
		return texts;
	}

	private static String normal(String line, TestSpace space) {
		return line.replace(space.topicPrefix(), "")
			.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-[0-9a-f]{8})?", "<id>")
			.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|\\+00:00)", "<time>")
			.replaceAll("\"age\": \\d+", "\"age\": <n>");
	}

}
