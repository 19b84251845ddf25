package io.sitestream.platform.serverless;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.sitestream.TopicProbe;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.site.InstalledApp;
import io.sitestream.site.SiteMetadata;
import io.sitestream.site.SiteTopics;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes {@code site-metadata} as the site module does, and finds what was written.
 */
final class SiteRecords {

	private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

	private final Emitter emitter;

	private final TopicProbe probe;

	SiteRecords(Emitter emitter, TopicProbe probe) {
		this.emitter = emitter;
		this.probe = probe;
	}

	void put(String siteId, long version, String... apps) {
		List<InstalledApp> installed = Stream.of(apps)
			.map((app) -> new InstalledApp(app, siteId + "-" + app, "1", InstalledApp.Status.ENABLED, AT))
			.toList();
		this.emitter.emit(Emission
			.of(SiteTopics.SITE_METADATA, siteId,
					new SiteMetadata(siteId, version, "ann", "S", null, null, null, installed, AT, AT))
			.withHeader(SiteTopics.VERSION_HEADER, Long.toString(version)));
	}

	void remove(String siteId, long version) {
		this.emitter.emit(Emission.tombstone(SiteTopics.SITE_METADATA, siteId)
			.withHeader(SiteTopics.VERSION_HEADER, Long.toString(version)));
	}

	List<ConsumerRecord<byte[], byte[]>> of(String... siteIds) {
		List<String> wanted = List.of(siteIds);
		return this.probe.committed("site-metadata")
			.stream()
			.filter((record) -> wanted.contains(new String(record.key(), StandardCharsets.UTF_8)))
			.toList();
	}

}
