package io.sitestream.site;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.sitestream.SitestreamTest;
import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.TimeOrderedIds;
import io.sitestream.site.InstalledApp.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "site")
class SiteCommandsIntegrationTests {

	private final String site = "site-" + UUID.randomUUID();

	@Autowired
	SiteCommands commands;

	@Autowired
	SiteStore store;

	@Autowired
	LedgerRetention retention;

	@Autowired
	TimeOrderedIds ids;

	@Test
	void emitsForEachCommandTheSiteAndItsOutcome() {
		List<Emission> emissions = this.commands.on(List.of(command(0, create()), command(1, put("chat"))));

		assertThat(emissions).extracting(Emission::topic)
			.containsExactly(SiteTopics.SITE_METADATA, SiteTopics.SITE_COMMAND_OUTCOMES, SiteTopics.SITE_METADATA,
					SiteTopics.SITE_COMMAND_OUTCOMES);
		assertThat(emissions.get(2).headers()).containsEntry("ce_siteversion", "2");
		assertThat(((SiteMetadata) emissions.get(2).value()).apps()).hasSize(1);
	}

	@Test
	void emitsTheSameAgainWhenABatchWasStoredButNotSent() {
		List<Consumed<SiteCommand>> batch = List.of(command(0, create()), command(1, put("chat")));
		List<Emission> first = this.commands.on(batch);

		List<Emission> second = this.commands.on(batch);

		assertThat(second).isEqualTo(first);
		assertThat(this.store.find(this.site).orElseThrow().version()).isEqualTo(2);
	}

	@Test
	void answersARepeatedCommandWithItsOutcomeAndNothingElse() {
		Consumed<SiteCommand> create = command(0, create());
		List<Emission> first = this.commands.on(List.of(create));

		List<Emission> again = this.commands.on(List.of(new Consumed<>(create.topic(), create.key(), create.value(),
				Map.of(), new Position("site-commands", 0, 77), Instant.EPOCH)));

		assertThat(again).containsExactly(first.get(1));
	}

	@Test
	void refusesAnotherRequestWithTheKeyAndKeepsTheFirst() {
		List<Emission> first = this.commands.on(List.of(command(0, create(), "key", "a")));
		Consumed<SiteCommand> other = command(1, new SiteChange.Delete(), "key", "b");

		List<Emission> refused = this.commands.on(List.of(other));

		assertThat(refused).singleElement().satisfies((emission) -> {
			SiteCommandOutcome outcome = (SiteCommandOutcome) Objects.requireNonNull(emission.value());
			assertThat(outcome.status()).isEqualTo(422);
			assertThat(outcome.fingerprint()).isEqualTo("b");
			assertThat(Objects.requireNonNull(outcome.problem()).type()).endsWith("idempotency-key-reused");
		});
		assertThat(this.commands.on(List.of(other))).as("redelivered").isEqualTo(refused);
		assertThat(this.commands.on(List.of(command(2, create(), "key", "a")))).as("repeated")
			.containsExactly(first.get(1));
		assertThat(this.store.find(this.site).orElseThrow().version()).isEqualTo(1);
	}

	@Test
	void takesWhatAnOlderReleaseHasRecordedForTheOutcomeOfAnyRequestWithTheKey() {
		List<Emission> first = this.commands.on(List.of(command(0, create(), "key", null)));

		assertThat(this.commands.on(List.of(command(1, create(), "key", "a")))).containsExactly(first.get(1));
		assertThat(this.commands.on(List.of(command(2, create(), "key", null)))).containsExactly(first.get(1));
	}

	@Test
	void tellsNoOldStateBehindANewerOneWhenDeadLettersAreReplayedAgain() {
		List<Consumed<SiteCommand>> letters = List.of(replayed(command(0, create())),
				replayed(command(1, put("chat"))));
		List<Emission> first = this.commands.on(letters);
		assertThat(this.commands.on(letters)).as("nothing is newer").isEqualTo(first);
		assertThat(this.commands.on(letters.subList(0, 1))).as("chat was told, or will be")
			.containsExactly(first.get(1));
		this.commands.on(List.of(command(2, put("shop"))));

		List<Emission> again = this.commands.on(letters);

		assertThat(again).containsExactly(first.get(1), first.get(3));
		assertThat(this.commands.on(List.of(command(0, create()))).getFirst()).as("redelivered, not replayed")
			.isEqualTo(first.getFirst());
	}

	@Test
	void marksADeletionWithItsVersion() {
		this.commands.on(List.of(command(0, create())));

		List<Emission> emissions = this.commands.on(List.of(command(1, new SiteChange.Delete())));

		assertThat(emissions.getFirst()).isEqualTo(
				Emission.tombstone(SiteTopics.SITE_METADATA, this.site).withHeader(SiteTopics.VERSION_HEADER, "2"));
		assertThat(this.store.find(this.site)).isEmpty();
	}

	@Test
	void letsAnInstanceMoveFromOneSiteToAnotherWithinABatch() {
		String instance = "i-" + UUID.randomUUID();
		String other = this.site + "-other";
		this.commands.on(List.of(command(0, create()), command(1, other, create()),
				command(2, new SiteChange.PutApp("chat", instance, "1", Status.ENABLED))));

		List<Emission> emissions = this.commands
			.on(List.of(command(3, other, new SiteChange.PutApp("chat", instance, "1", Status.ENABLED)),
					command(4, new SiteChange.RemoveApp("chat")),
					command(5, other, new SiteChange.PutApp("chat", instance, "1", Status.ENABLED))));

		assertThat(emissions.stream().map(Emission::value).filter(SiteCommandOutcome.class::isInstance))
			.extracting((outcome) -> ((SiteCommandOutcome) outcome).status())
			.containsExactly(409, 204, 201);
		assertThat(this.store.instances(List.of(instance))).containsEntry(instance, other);
	}

	@Test
	void forgetsOutcomesThatNobodyCanAskForAnyMore() {
		String old = this.site + "-old";
		String recent = this.site + "-recent";
		SiteCommandOutcome outcome = new SiteCommandOutcome("c", this.site, 204, 1L, null, null);
		this.store.saveOutcomes(Map.of(old, new SiteStore.LedgerEntry("site-commands-0@1", outcome)),
				Instant.now().minus(LedgerRetention.KEPT).minusSeconds(60));
		this.store.saveOutcomes(Map.of(recent, new SiteStore.LedgerEntry("site-commands-0@2", outcome)),
				Instant.now().minus(Duration.ofDays(7)));

		this.retention.forgetOldOutcomes();

		assertThat(this.store.ledger(List.of(old, recent))).containsOnlyKeys(recent);
	}

	@Test
	void handsOutIdsThatSayWhenUnlessTheyWereMadeOfAKey() {
		String id = CommandId.next(this.ids);

		assertThat(CommandId.wasHandedOut(id, Instant.now().minusSeconds(60))).isTrue();
		assertThat(CommandId.wasHandedOut(id, Instant.now().plusSeconds(60))).as("before that").isFalse();
		assertThat(CommandId.wasHandedOut(CommandId.of("ann", "key"), Instant.now().plusSeconds(60))).isTrue();
		assertThat(CommandId.wasHandedOut(id.replace("-7", "-4"), Instant.EPOCH)).as("another id").isFalse();
		assertThat(CommandId.wasHandedOut("nobody-asked", Instant.EPOCH)).isFalse();
	}

	private static Consumed<SiteCommand> replayed(Consumed<SiteCommand> record) {
		return new Consumed<>(record.topic(), record.key(), record.value(), Map.of(Consumed.REPLAYED, "true"),
				record.position(), record.timestamp());
	}

	private Consumed<SiteCommand> command(long offset, SiteChange change) {
		return command(offset, this.site, change);
	}

	private Consumed<SiteCommand> command(long offset, String siteId, SiteChange change) {
		String id = this.site + "-" + offset;
		return new Consumed<>(SiteTopics.SITE_COMMANDS, siteId, new SiteCommand(id, siteId, null, null, change),
				Map.of(), new Position("site-commands", 0, offset), Instant.EPOCH);
	}

	private Consumed<SiteCommand> command(long offset, SiteChange change, String key, @Nullable String fingerprint) {
		return new Consumed<>(SiteTopics.SITE_COMMANDS, this.site,
				SiteCommand.of(this.site + key, this.site, null, change, Preconditions.NONE, fingerprint), Map.of(),
				new Position("site-commands", 0, offset), Instant.EPOCH);
	}

	private static SiteChange create() {
		return new SiteChange.Create("ann", "Shop", null, null, null, List.of());
	}

	private static SiteChange put(String app) {
		return new SiteChange.PutApp(app, null, "1", Status.ENABLED);
	}

}
