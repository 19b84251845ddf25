package io.sitestream.contactjobs.tracking;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.sitestream.contactjobs.ContactImportEvent;
import io.sitestream.contactjobs.ContactImportEvent.ImportBroken;
import io.sitestream.contactjobs.ContactImportEvent.ImportExpired;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.ContactJobsProperties;
import io.sitestream.contactjobs.tracking.ContactImport.State;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class ImportWatchdogUnitTests {

	static final Duration RETENTION = Duration.ofDays(30);

	static final int PARTITION = ContactImportTopics.CONTACT_IMPORT_EVENTS.partitionOf("i");

	final FakeStore store = new FakeStore();

	final List<ContactImportEvent> reports = new ArrayList<>();

	final SettableClock clock = new SettableClock();

	final ImportWatchdog watchdog = new ImportWatchdog(this.store, emitter(this.reports), properties(), this.clock);

	@Test
	void reportsAnUploadThatGivesNoSignOfLifeForAMinute() {
		show("SIGNED");
		look();
		look(Duration.ofSeconds(59));
		assertThat(this.reports).isEmpty();

		look(Duration.ofSeconds(6));

		assertThat(this.reports).singleElement().isInstanceOfSatisfying(ImportBroken.class, (broken) -> {
			assertThat(broken.signs()).isOne();
			assertThat(broken.at()).isEqualTo(this.clock.instant());
			assertThat(broken.problem().detail()).isEqualTo(
					"Nothing was heard of the upload for 60 s: the process that read it may have died. Send the file again.");
			assertThat(ImportFold.apply(ImportFoldUnitTests.anImport("SIGNED"), broken).contactImport().state())
				.isEqualTo(State.FAILED);
		});
		look(Duration.ofSeconds(30));
		assertThat(this.reports).as("not again so soon").hasSize(1);
		look(Duration.ofSeconds(31));
		assertThat(this.reports).as("again, should the first be lost").hasSize(2);
	}

	@Test
	void leavesAnUploadThatGivesSignsOfLife() {
		show("RUNNING");
		look();
		look(Duration.ofSeconds(40));
		show("SIGNED");
		look(Duration.ofSeconds(19));
		look(Duration.ofSeconds(41));
		show("ALIVE");
		look(Duration.ofSeconds(18));
		look(Duration.ofSeconds(42));

		assertThat(this.reports).isEmpty();
	}

	@Test
	void countsAnewWhenThePartitionWasAway() {
		show("RUNNING");
		look();
		this.watchdog.forget(Set.of(PARTITION));

		look(Duration.ofSeconds(65));

		assertThat(this.reports).isEmpty();
	}

	@Test
	void looksOnlyAtItsOwnPartitions() {
		show("RUNNING");
		this.watchdog.look((PARTITION + 1) % 6);
		this.clock.pass(Duration.ofSeconds(65));
		this.watchdog.look((PARTITION + 1) % 6);

		assertThat(this.reports).isEmpty();
	}

	@Test
	void showsAnImportThatStandsStillUntilItGoesOn() {
		show("CUT_LAST");
		look();
		look(Duration.ofMinutes(9));
		assertThat(this.watchdog.standingStill()).isEmpty();

		look(Duration.ofMinutes(1));
		assertThat(this.watchdog.standingStill()).containsExactly("i");
		assertThat(this.reports).as("it waits for something, and is not given up").isEmpty();

		show("COMPLETED");
		look(Duration.ofSeconds(6));
		assertThat(this.watchdog.standingStill()).isEmpty();
	}

	@Test
	void showsAnUndoThatStandsStill() {
		show("UNDOING");
		look();
		look(Duration.ofMinutes(6));
		show("UNDO_LAST");
		look(Duration.ofMinutes(6));
		assertThat(this.watchdog.standingStill()).isEmpty();

		look(Duration.ofMinutes(10));

		assertThat(this.watchdog.standingStill()).containsExactly("i");
	}

	@Test
	void reportsAnImportThatEndedThirtyDaysAgo() {
		show("COMPLETED");
		Instant end = ImportFoldUnitTests.anImport("COMPLETED").contactImport().finishedAt();
		this.clock.set(end.plus(RETENTION).minusMillis(1));
		look();
		assertThat(this.reports).isEmpty();

		look(Duration.ofSeconds(6));
		look(Duration.ofMinutes(59));

		assertThat(this.reports).singleElement().isInstanceOfSatisfying(ImportExpired.class, (expired) -> {
			assertThat(expired.importId()).isEqualTo("i");
			assertThat(expired.finishedBefore()).isBetween(end, expired.at().minus(RETENTION));
		});
		look(Duration.ofMinutes(2));
		assertThat(this.reports).as("again, while nobody has forgotten it").hasSize(2);
	}

	@Test
	void doesNotReportAnImportAsExpiredThatIsBeingUndone() {
		show("UNDOING");
		this.clock.pass(RETENTION.plusDays(1));

		look();

		assertThat(this.reports).isEmpty();
	}

	static ImportWatchdog aWatchdog(FakeStore store) {
		return new ImportWatchdog(store, emitter(new ArrayList<>()), properties(), Clock.systemUTC());
	}

	private static ContactJobsProperties properties() {
		return new ContactJobsProperties(DataSize.ofMegabytes(1), Duration.ofSeconds(60), Duration.ofMinutes(10),
				RETENTION, Map.of());
	}

	private static Emitter emitter(List<ContactImportEvent> reports) {
		return new Emitter() {

			@Override
			public CompletableFuture<Position> send(Emission emission) {
				reports.add((ContactImportEvent) emission.value());
				return CompletableFuture.completedFuture(new Position("contact-import-events", 0, 0));
			}

			@Override
			public List<Position> emit(List<Emission> emissions) {
				throw new UnsupportedOperationException();
			}

		};
	}

	private void show(String history) {
		this.store
			.commit(List.of(Emission.of(TrackedImport.CONTACT_IMPORTS, "i", ImportFoldUnitTests.anImport(history))));
		this.store.sync(Duration.ZERO);
	}

	private void look(Duration later) {
		this.clock.pass(later);
		look();
	}

	private void look() {
		this.watchdog.look(PARTITION);
	}

	static final class SettableClock extends Clock {

		private Instant now = ImportFoldUnitTests.AT;

		void pass(Duration time) {
			this.now = this.now.plus(time);
		}

		void set(Instant now) {
			this.now = now;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
