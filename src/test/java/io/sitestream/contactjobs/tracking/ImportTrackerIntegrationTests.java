package io.sitestream.contactjobs.tracking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamApplication;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.CommittedRecords;
import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBatchCompleted;
import io.sitestream.contactjobs.ContactImportEvent.ImportCut;
import io.sitestream.contactjobs.ContactImportEvent.ImportStarted;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.RowOutcomes;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.platform.Account;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The tracker over restarts and changes of owner, against the real broker.
 */
class ImportTrackerIntegrationTests {

	private static final String TRACKED = """
			{"account":"eve","uploadId":null,"sequence":1,"completedBatches":"","unreadableBatches":0,"undoneBatches":"",\
			"signs":0,"contactImport":{"importId":"%s","channelId":"channel-0123456789","state":"%s",\
			"rows":{"total":null,"created":0,"updated":0,"unchanged":0,"skipped":0,"rejected":0},\
			"batches":{"total":null,"completed":0},"undo":null,"problem":null,"startedAt":"2026-11-23T12:00:00Z",\
			"finishedAt":%s}}""";

	final TestSpace space = TestSpace.of("contactjobs");

	@Test
	void goesOnWhereAnInstanceThatIsGoneStopped() {
		String importId = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext first = start()) {
			report(first, started(importId), batch(importId, 1), batch(importId, 2));
			awaitCompletedBatches(first, importId, 2);
		}

		try (ConfigurableApplicationContext second = start()) {
			report(second, batch(importId, 2), batch(importId, 3), cut(importId, 3));
			awaitState(second, importId, State.COMPLETED);
		}

		List<String> told = told(importId);
		assertThat(told.getFirst()).isEqualTo("1 contact-import.accepted");
		assertThat(told.getLast()).isEqualTo("5 contact-import.completed");
		assertThat(told).isSorted().filteredOn((line) -> line.endsWith("completed")).hasSize(1);
	}

	@Test
	void foldsEveryImportOnceWhileInstancesComeAndGo() {
		List<String> imports = IntStream.range(0, 40).mapToObj((i) -> UUID.randomUUID().toString()).toList();
		try (ConfigurableApplicationContext first = start()) {
			imports.forEach((importId) -> report(first, started(importId), batch(importId, 1)));
			try (ConfigurableApplicationContext second = start()) {
				imports.forEach((importId) -> report(second, batch(importId, 2), batch(importId, 1)));
			}
			imports.forEach((importId) -> report(first, batch(importId, 3), cut(importId, 3)));
			imports.forEach((importId) -> awaitState(first, importId, State.COMPLETED));

			Map<String, List<String>> told = told();
			assertThat(imports).allSatisfy((importId) -> {
				ContactImport done = first.getBean(ContactImports.class).get(new Account("ada"), importId);
				assertThat(done.rows()).isEqualTo(new ContactImport.Rows(30L, 30, 0, 0, 0, 0));
				assertThat(told.get(importId)).isSorted()
					.filteredOn((line) -> line.endsWith("completed"))
					.containsExactly("5 contact-import.completed");
			});
		}
	}

	/**
	 * A compacted topic keeps what is bad as long as what is good: the next instance
	 * meets it again.
	 */
	@Test
	void goesOnWithTheImportsOfAllOthersWhenRecordsOfTheStoreAreNone() {
		Map<String, String> bad = Map.of("empty", "{}", "ended", TRACKED.formatted("ended", "COMPLETED", "null"),
				"another", TRACKED.formatted("import-1", "RUNNING", "null"), "holey",
				TRACKED.formatted("holey", "RUNNING", "null").replace("\"total\":null,\"completed\":0", "\"total\":2"));
		for (int round = 1; round <= 2; round++) {
			try (ConfigurableApplicationContext instance = start();
					TopicProbe probe = new TopicProbe(TestServers.kafka().address(), this.space.topicPrefix())) {
				if (round == 1) {
					report(instance, started("before"), batch("before", 1));
					awaitCompletedBatches(instance, "before", 1);
					bad.forEach((key, value) -> probe.put("contact-imports", key, value));
				}
				ApiClient api = new ApiClient(
						instance.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
				await().atMost(Duration.ofSeconds(60))
					.untilAsserted(() -> assertThat(api.get("/actuator/kvstores")
						.json()
						.at("/contact-imports/quarantined")
						.findValuesAsString("cause")).as(api.get("/actuator/kvstores").body())
						.hasSize(4)
						.anyMatch((cause) -> cause
							.equals("Value is not a TrackedImport: /account is missing, expected a text. Found: {}"))
						.anyMatch((cause) -> cause.contains(
								"/contactImport: finishedAt is missing: expected a time, since the import is COMPLETED."))
						.anyMatch((cause) -> cause.contains(
								"/contactImport/batches/completed is missing, expected a whole number of 32 bits."))
						.anyMatch((cause) -> cause.equals(
								"Key 'another' and value disagree: topic contact-imports is keyed by contactImport/importId, which is 'import-1' in the value.")));

				String importId = "round-" + round;
				report(instance, started(importId), batch(importId, 1), cut(importId, 1), cut("before", round));
				awaitState(instance, importId, State.COMPLETED);
				awaitState(instance, "before", State.COMPLETED);
				ApiClient.Answer imports = api.get("/api/contact-imports", "Account-Id", "ada");
				assertThat(imports.json().at("/items")).as(imports.body()).hasSize(1 + round);
				assertThat(api.get("/actuator/health").json().at("/status").asString()).isEqualTo("UP");
			}
		}
	}

	/**
	 * Events come every few milliseconds. What a notification tells last was taken from
	 * the log when the fetch before it was answered: 50 ms before at best. Were a fetch
	 * answered at its first event, it would be a whole interval, whatever the machine,
	 * and the events after it would wait for two.
	 */
	@Test
	void tellsProgressAtMostTenTimesASecondAndHoldsTheNewestBackForAFractionOfThat() {
		String importId = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext instance = start()) {
			report(instance, started(importId));
			long begin = System.nanoTime();
			IntStream.rangeClosed(1, 400).forEach((number) -> report(instance, batch(importId, number)));
			await("the last progress, without a further event").atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(told(importId).getLast()).isEqualTo("401 contact-import.progress"));
			Duration took = Duration.ofNanos(System.nanoTime() - begin);
			report(instance, cut(importId, 400));
			awaitState(instance, importId, State.COMPLETED);

			List<String> told = told(importId);
			assertThat(told).hasSizeLessThanOrEqualTo(4 + (int) took.dividedBy(Duration.ofMillis(100)));
			assertThat(told.getFirst()).isEqualTo("1 contact-import.accepted");
			assertThat(told.getLast()).isEqualTo("402 contact-import.completed");
			LongSummaryStatistics millis = heldBack(importId);
			assertThat(millis.getMin()).as("ms between the newest event that is told and its notification: %s", millis)
				.isLessThan(95);
		}
	}

	private LongSummaryStatistics heldBack(String importId) {
		List<Long> events = records("contact-import-events").filter((record) -> record.key().equals(importId))
			.map(ConsumerRecord::timestamp)
			.toList();
		return records("notifications")
			.filter((record) -> notification(record).path("source").asString().endsWith(importId))
			.filter((record) -> notification(record).path("type").asString().equals(ImportNotifications.PROGRESS))
			.mapToLong((record) -> record.timestamp() - events.get(notification(record).path("sequence").asInt() - 1))
			.summaryStatistics();
	}

	private ConfigurableApplicationContext start() {
		Map<String, String> properties = new LinkedHashMap<>(this.space.properties());
		properties.put("sitestream.modules", "contactjobs");
		properties.put("server.port", "0");
		return new SpringApplicationBuilder(SitestreamApplication.class).bannerMode(Banner.Mode.OFF)
			.run(properties.entrySet().stream().map((entry) -> "--" + entry).toArray(String[]::new));
	}

	private static void report(ConfigurableApplicationContext instance, ContactImportEvent... events) {
		List<Emission> emissions = new ArrayList<>();
		for (ContactImportEvent event : events) {
			emissions.add(Emission.of(ContactImportTopics.CONTACT_IMPORT_EVENTS, event.importId(), event));
		}
		instance.getBean(Emitter.class).emit(emissions);
	}

	private static void awaitState(ConfigurableApplicationContext instance, String importId, State state) {
		ContactImports imports = instance.getBean(ContactImports.class);
		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(imports.get(new Account("ada"), importId).state()).isEqualTo(state));
	}

	private static void awaitCompletedBatches(ConfigurableApplicationContext instance, String importId, int batches) {
		ContactImports imports = instance.getBean(ContactImports.class);
		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(imports.get(new Account("ada"), importId).batches().completed())
				.isEqualTo(batches));
	}

	private List<String> told(String importId) {
		return told().getOrDefault(importId, List.of());
	}

	private Map<String, List<String>> told() {
		return records("notifications").map(ImportTrackerIntegrationTests::notification)
			.collect(Collectors.groupingBy(
					(told) -> told.path("source").asString().substring("contact-import/".length()),
					Collectors.mapping((told) -> told.path("sequence") + " " + told.path("type").asString(),
							Collectors.toList())));
	}

	private Stream<ConsumerRecord<String, String>> records(String topic) {
		return CommittedRecords.of(TestServers.kafka().address(), this.space.topicPrefix() + topic).stream();
	}

	private static JsonNode notification(ConsumerRecord<String, String> record) {
		return JsonMapper.shared().readTree(record.value());
	}

	private static ContactImportEvent started(String importId) {
		return new ImportStarted(importId, "ada", "channel-0123456789", null, ImportFoldUnitTests.AT);
	}

	private static ContactImportEvent batch(String importId, int number) {
		return new ImportBatchCompleted(importId, number, new RowOutcomes(10, 0, 0, 0, 0), ImportFoldUnitTests.AT);
	}

	private static ContactImportEvent cut(String importId, int batches) {
		return new ImportCut(importId, 10L * batches, batches, ImportFoldUnitTests.AT);
	}

}
