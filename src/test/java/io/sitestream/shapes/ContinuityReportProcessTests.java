package io.sitestream.shapes;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ContinuityReportProcessTests {

	@TempDir
	private Path folder;

	@Test
	void acceptsHandOversMarkersAndBatchesThatCameAgain() throws Exception {
		ContinuityReport report = report(line(1, "one", 0, 0, 4, "COMMITTED"), line(2, "one", 5, 6, 9, "ABORTED"),
				line(3, "two", 6, 6, 9, "COMMITTED"));

		assertThat(report.text()).contains("No gap, and nothing was made visible twice.")
			.contains("1 batches failed or were rolled back");
		assertThat(report.exitCode()).isZero();
	}

	@Test
	void namesOffsetsThatTheNextOwnerDidNotBeginWith() throws Exception {
		ContinuityReport report = report(line(1, "one", 0, 0, 4, "DONE"), line(2, "two", 7, 7, 9, "DONE"));

		assertThat(report.text()).contains("5 .. 6        NOBODY").contains("NOT CONTINUOUS");
		assertThat(report.exitCode()).isEqualTo(1);
	}

	@Test
	void namesABatchThatFailedAndNeverCameAgain() throws Exception {
		ContinuityReport report = report(line(1, "one", 0, 0, 4, "DONE"), line(2, "one", 5, 5, 9, "FAILED"),
				line(3, "one", 10, 10, 12, "DONE"));

		assertThat(report.text()).contains("5 .. 9        NOBODY");
		assertThat(report.exitCode()).isEqualTo(1);
	}

	@Test
	void tellsWhatWasCommittedTwiceFromWhatWasOnlyDoneTwice() throws Exception {
		ContinuityReport twice = report(line(1, "one", 0, 0, 4, "COMMITTED"), line(2, "two", 3, 3, 9, "COMMITTED"));
		ContinuityReport again = report(line(1, "one", 0, 0, 4, "DONE"), line(2, "two", 3, 3, 9, "DONE"));

		assertThat(twice.text()).contains("2 offsets MADE VISIBLE TWICE");
		assertThat(twice.exitCode()).isEqualTo(1);
		assertThat(again.text()).contains("2 offsets processed again");
		assertThat(again.exitCode()).isZero();
	}

	private ContinuityReport report(String... lines) throws Exception {
		Path trail = this.folder.resolve("a.trail");
		Files.writeString(trail, String.join("\n", lines) + "\n");
		return ContinuityReport.of(trail);
	}

	private static String line(int second, String instance, int began, int from, int to, String end) {
		return """
				{"at":"2026-11-23T12:00:0%dZ","instance":"%s","function":"f","partition":"t-0","began":%d,"from":%d,\
				"to":%d,"records":%d,"end":"%s"}""".formatted(second, instance, began, from, to, to - from + 1, end);
	}

}
