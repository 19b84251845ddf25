package io.sitestream.shapes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code infra/continuity/Continuity.java} says.
 *
 * @param exitCode its exit code
 * @param text what it printed
 */
record ContinuityReport(int exitCode, String text) {

	static ContinuityReport of(Path... trails) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
						"infra/continuity/Continuity.java"));
		Arrays.stream(trails).map(Path::toString).forEach(command::add);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new ContinuityReport(process.waitFor(), text);
	}

}
