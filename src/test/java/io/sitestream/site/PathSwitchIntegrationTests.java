package io.sitestream.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RefusedStartException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the write path {@code consumer} has left behind when {@code cdc} takes over.
 */
@SitestreamTest(modules = "site", properties = "sitestream.site.write-path=cdc")
class PathSwitchIntegrationTests {

	private static final SiteProperties CONSUMER = new SiteProperties(WritePath.CONSUMER, 1_000);

	private final String site = "site-" + UUID.randomUUID();

	@LocalServerPort
	int port;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@Autowired
	SiteCommands commands;

	@Autowired
	SiteStore store;

	@Autowired
	SiteChanges changes;

	@Autowired
	TransactionOperations transactions;

	@Autowired
	RecordFormat format;

	@Autowired
	PublishedCommands published;

	@Autowired
	@Qualifier("changeStream")
	SmartLifecycle stream;

	TopicProbe probe;

	@BeforeEach
	void connect() {
		this.probe = new TopicProbe(TestServers.kafka().address(), this.prefix);
		if (!this.stream.isRunning()) {
			this.stream.start();
		}
	}

	@AfterEach
	void close() {
		this.probe.close();
	}

	@Test
	void commandsThatWaitInTheLogAreCarriedOutAndStreamed() {
		String command = "old-" + this.site;
		this.probe.put("site-commands", this.site,
				new String(this.format.write(new SiteCommand(command, this.site, null, null, create()))));

		awaitVersions("1");
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.probe.committed("site-command-outcomes"))
				.anyMatch((record) -> new String(record.key()).equals(command)));
	}

	@Test
	void whatWasStoredButNotSentIsStreamedOnce() {
		List<Consumed<SiteCommand>> batch = List.of(command(0, create()), command(1, put("chat")));
		onTheOtherPath(batch);

		this.commands.on(batch);
		this.commands.on(batch);

		awaitVersions("1", "2");
		new ApiClient(this.port).put("/api/sites/" + this.site + "/apps/store", "{\"version\":\"1\"}");
		awaitVersions("1", "2", "3");
	}

	@Test
	void aNewerVersionHasTheLastWordOverOneThatWasStoredButNotSent() {
		List<Consumed<SiteCommand>> batch = List.of(command(0, create()));
		onTheOtherPath(batch);
		new ApiClient(this.port).put("/api/sites/" + this.site + "/apps/store", "{\"version\":\"1\"}");

		this.commands.on(batch);

		awaitVersions("2", "1", "2");
	}

	@Test
	void theOtherPathIsRefusedWhileChangesWait() {
		WritePathCheck check = new WritePathCheck(CONSUMER, this.changes);
		await().atMost(Duration.ofSeconds(60)).until(() -> this.changes.waiting() == 0);
		check.start();
		this.stream.stop();
		this.commands.on(List.of(command(0, create()), command(1, put("chat"))));

		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(check::start)
			.withMessage(
					"sitestream.site.write-path is consumer, but 2 changes wait in site.changes: start with cdc until none is left.");
	}

	private List<Emission> onTheOtherPath(List<Consumed<SiteCommand>> batch) {
		return new SiteCommands(this.store, this.changes, CONSUMER, this.transactions, this.format, Clock.systemUTC(),
				this.published)
			.on(batch);
	}

	private void awaitVersions(String... versions) {
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.probe.committed("site-metadata")
				.stream()
				.filter((record) -> new String(record.key()).equals(this.site))
				.map((record) -> TopicProbe.header(record, SiteTopics.VERSION_HEADER))).containsExactly(versions));
	}

	private Consumed<SiteCommand> command(long offset, SiteChange change) {
		return new Consumed<>(SiteTopics.SITE_COMMANDS, this.site,
				new SiteCommand(this.site + "-" + offset, this.site, null, null, change), Map.of(),
				new Position("site-commands", 0, offset), Instant.EPOCH);
	}

	private static SiteChange create() {
		return new SiteChange.Create("ann", "Shop", null, null, null, List.of());
	}

	private static SiteChange put(String app) {
		return new SiteChange.PutApp(app, null, "1", InstalledApp.Status.ENABLED);
	}

}
