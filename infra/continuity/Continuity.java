import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the trails of several processes (property {@code sitestream.kafka.trail}) together and says, for each function
 * and partition, which process has processed which offsets, which offsets nobody has, and which were processed twice.
 * Needs a JDK and nothing else: {@code java infra/continuity/Continuity.java *.trail}.
 *
 * <p>Exit code 1 when there is a gap, or when something was made visible twice: a transactional function's batch
 * committed twice. Repeats of other functions change nothing, since their stores refuse what they have; they are told.
 * What lies before the first and behind the last offset of all trails is not judged.
 */
class Continuity {

	private static final Pattern LINE = Pattern.compile("\"at\":\"([^\"]+)\",\"instance\":\"([^\"]+)\",\"function\":"
			+ "\"([^\"]+)\",\"partition\":\"([^\"]+)\",\"began\":(\\d+),\"from\":(\\d+),\"to\":(\\d+),\"records\":(\\d+),"
			+ "\"end\":\"([A-Z]+)\"");

	public static void main(String[] files) throws IOException {
		if (files.length == 0) {
			System.err.println("Which trails? java infra/continuity/Continuity.java first.trail second.trail");
			System.exit(2);
		}
		Map<String, Map<String, List<Batch>>> functions = new TreeMap<>();
		for (String file : files) {
			for (String line : Files.readAllLines(Path.of(file))) {
				Batch batch = read(file, line);
				functions.computeIfAbsent(batch.function(), (name) -> new TreeMap<>())
					.computeIfAbsent(batch.partition(), (name) -> new ArrayList<>())
					.add(batch);
			}
		}
		boolean whole = true;
		for (Map.Entry<String, Map<String, List<Batch>>> function : functions.entrySet()) {
			System.out.println(function.getKey());
			for (Map.Entry<String, List<Batch>> partition : function.getValue().entrySet()) {
				System.out.println("  " + partition.getKey());
				whole &= report(partition.getValue());
			}
		}
		System.out.println(whole ? "No gap, and nothing was made visible twice." : "NOT CONTINUOUS, see above.");
		System.exit(whole ? 0 : 1);
	}

	private static Batch read(String file, String line) {
		Matcher matcher = LINE.matcher(line);
		if (!matcher.find()) {
			throw new IllegalArgumentException("%s has a line that is no part of a trail: %s".formatted(file, line));
		}
		return new Batch(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4),
				Long.parseLong(matcher.group(5)), Long.parseLong(matcher.group(6)), Long.parseLong(matcher.group(7)),
				Long.parseLong(matcher.group(8)), matcher.group(9));
	}

	private static boolean report(List<Batch> batches) {
		batches.sort(Comparator.comparing(Batch::at));
		List<Batch> done = batches.stream().filter(Batch::isDone).toList();
		owners(done);
		long gaps = gaps(batches);
		long[] repeats = repeats(done);
		long redelivered = batches.stream()
			.filter((batch) -> batch.end().equals("FAILED") || batch.end().equals("ABORTED"))
			.count();
		if (redelivered > 0) {
			System.out.printf("    %d batches failed or were rolled back: nothing of them is visible%n", redelivered);
		}
		if (repeats[0] > 0) {
			System.out.printf("    %d offsets processed again%n", repeats[0]);
		}
		if (repeats[1] > 0) {
			System.out.printf("    %d offsets MADE VISIBLE TWICE%n", repeats[1]);
		}
		return gaps == 0 && repeats[1] == 0;
	}

	/** Prints who had the partition, one line for each stretch without a change of owner. */
	private static void owners(List<Batch> done) {
		int first = 0;
		for (int i = 1; i <= done.size(); i++) {
			if (i == done.size() || !done.get(i).instance().equals(done.get(first).instance())
					|| done.get(i).began() != done.get(i - 1).to() + 1) {
				List<Batch> stretch = done.subList(first, i);
				System.out.printf("    %8d .. %-8d %-16s %6d records in %4d batches, %s to %s%n",
						stretch.getFirst().from(), stretch.getLast().to(), stretch.getFirst().instance(),
						stretch.stream().mapToLong(Batch::records).sum(), stretch.size(),
						time(stretch.getFirst().at()), time(stretch.getLast().at()));
				first = i;
			}
		}
	}

	private static String time(String instant) {
		String time = instant.substring(instant.indexOf('T') + 1).replace("Z", "");
		return time.substring(0, Math.min(12, time.length()));
	}

	/** Counts and prints offsets that no batch has done and that are not known to be empty. */
	private static long gaps(List<Batch> batches) {
		List<long[]> covered = new ArrayList<>();
		for (Batch batch : batches) {
			covered.add(new long[] { batch.began(), (batch.isDone() ? batch.to() : batch.from() - 1) });
		}
		covered.sort(Comparator.comparingLong((range) -> range[0]));
		long gaps = 0;
		long next = covered.getFirst()[0];
		for (long[] range : covered) {
			if (range[0] > next) {
				System.out.printf("    %8d .. %-8d NOBODY%n", next, range[0] - 1);
				gaps += range[0] - next;
			}
			next = Math.max(next, range[1] + 1);
		}
		long last = batches.stream().mapToLong(Batch::to).max().orElse(-1);
		if (last >= next) {
			System.out.printf("    %8d .. %-8d NOBODY%n", next, last);
			gaps += last + 1 - next;
		}
		return gaps;
	}

	/** How many offsets were done more than once, and how many of these were committed more than once. */
	private static long[] repeats(List<Batch> done) {
		return new long[] { overlap(done.stream().filter((batch) -> batch.end().equals("DONE")).toList()),
				overlap(done.stream().filter((batch) -> batch.end().equals("COMMITTED")).toList()) };
	}

	private static long overlap(List<Batch> batches) {
		long overlap = 0;
		long next = -1;
		for (Batch batch : batches.stream().sorted(Comparator.comparingLong(Batch::from)).toList()) {
			overlap += Math.max(0, Math.min(next, batch.to() + 1) - batch.from());
			next = Math.max(next, batch.to() + 1);
		}
		return overlap;
	}

	/** A line of a trail. */
	private record Batch(String at, String instance, String function, String partition, long began, long from, long to,
			long records, String end) {

		boolean isDone() {
			return this.end.equals("DONE") || this.end.equals("COMMITTED");
		}

	}

}
