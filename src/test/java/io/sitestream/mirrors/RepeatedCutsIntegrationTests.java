package io.sitestream.mirrors;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.mirrors.WrittenSites.Written;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The long form: a link that is cut again and again and forgets how far it was.
 */
@EnabledIfSystemProperty(named = "sitestream.test.long", matches = "true", disabledReason = "needs minutes: -P long")
class RepeatedCutsIntegrationTests {

	private static final int ROWS = 40_000;

	private static final int CUTS = 6;

	private static final String[] QUICK = { "A.session.timeout.ms = 4000", "B.session.timeout.ms = 4000",
			"A.heartbeat.interval.ms = 1000", "B.heartbeat.interval.ms = 1000" };

	final DataCentre a = new DataCentre("a");

	final DataCentre b = new DataCentre("b");

	ReferenceInstance here;

	ReferenceInstance there;

	@BeforeEach
	void start() {
		this.here = this.a.start("site,appswriter,appsreader,contactjobs,notification", Map.of());
		this.there = this.b.start("appswriter,appsreader,contactimporter", Map.of());
		this.here.awaitReady();
		this.there.awaitReady();
	}

	@AfterEach
	void stop() {
		this.there.close();
		this.here.close();
		this.a.close();
		this.b.close();
	}

	@Test
	void everythingMayBeRepeatedInBothDirections() throws Exception {
		ImportClient client = new ImportClient(this.here.port());
		try (Mirror mirror = forgetful();
				StompTestClient browser = StompTestClient.connect(this.here.port(), client.account())
					.subscribe(client.channelId());
				TopicProbe eventsHere = this.a.probe()) {
			mirror.start();
			Future<List<Written>> writing = CompletableFuture.supplyAsync(this::writeSites);
			HeldUpload upload = new HeldUpload(client, ContactFile.HEADER + ContactFile.rows(1, ROWS / CUTS));
			for (int cut = 1; cut < CUTS; cut++) {
				int seen = eventsHere.committed("contact-import-events").size();
				await().atMost(Comparison.PATIENCE)
					.until(() -> eventsHere.committed("contact-import-events").size() > seen + 1);
				mirror.kill9();
				upload.send(ContactFile.rows(cut * (ROWS / CUTS) + 1, (cut + 1) * (ROWS / CUTS)));
				mirror.start();
			}
			int rows = CUTS * (ROWS / CUTS);
			JsonNode done = client.awaitDone(upload.finish(""));
			browser.awaitMessage("contact-import.completed");

			assertThat(done.path("rows").toString()).isEqualTo(ContactFile.outcome(rows));
			List<StompTestFrame> frames = browser.messages();
			assertThat(frames).extracting(StompTestFrame::position)
				.containsExactlyElementsOf(LongStream.rangeClosed(1, frames.size()).boxed().toList());
			assertThat(frames).extracting(StompTestFrame::type).containsOnlyOnce("contact-import.completed");
			assertThat(frames.getLast().json()).isEqualTo(done);
			List<Written> sites = writing.get();
			ApiClient readerThere = this.there.api();
			await().atMost(Comparison.PATIENCE)
				.untilAsserted(() -> Comparison.assertEqualSites(this.here.api(), readerThere, sites));
			try (TopicProbe probe = this.b.probe()) {
				assertThat(probe.committed("site-metadata")).as("records that the mirror repeated")
					.hasSizeGreaterThan(eventsHere.committed("site-metadata").size());
			}
		}
	}

	/** Exactly once in no direction, and at every cut it forgets how far it was. */
	private Mirror forgetful() {
		return new Mirror(this.a, this.b, "B.exactly.once.source.support = disabled",
				"A.offset.flush.interval.ms = 3600000", "B.offset.flush.interval.ms = 3600000", QUICK[0], QUICK[1],
				QUICK[2], QUICK[3]);
	}

	private List<Written> writeSites() {
		try {
			return new WrittenSites(this.here.api(), 7).write(600);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
