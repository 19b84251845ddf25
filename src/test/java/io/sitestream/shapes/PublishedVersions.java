package io.sitestream.shapes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

import io.sitestream.TopicProbe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What readers of {@code site-metadata} have seen.
 *
 * @param bySite the versions of each site, in order
 * @param numbers what was written to app {@code chat}, over all sites
 */
record PublishedVersions(Map<String, List<Long>> bySite, List<Integer> numbers) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	static PublishedVersions of(TopicProbe probe) {
		Map<String, List<Long>> bySite = new TreeMap<>();
		List<Integer> numbers = new ArrayList<>();
		for (ConsumerRecord<byte[], byte[]> record : probe.committed("site-metadata")) {
			JsonNode site = MAPPER.readTree(record.value());
			bySite.computeIfAbsent(site.at("/siteId").asString(), (id) -> new ArrayList<>())
				.add(site.at("/version").asLong());
			site.at("/apps").forEach((app) -> numbers.add(Integer.valueOf(app.at("/version").asString())));
		}
		return new PublishedVersions(bySite, numbers);
	}

	/**
	 * Each version of each site is there once and in order, and each write made one.
	 * @param accepted the numbers that were accepted
	 */
	void assertOnceEach(Collection<Integer> accepted) {
		this.bySite.forEach((site, versions) -> assertThat(versions).as(site)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, versions.size()).boxed().toList()));
		assertThat(this.numbers).containsExactlyInAnyOrderElementsOf(accepted);
	}

}
