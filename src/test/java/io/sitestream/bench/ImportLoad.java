package io.sitestream.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.sitestream.contactimporter.ContactFileLayout;
import io.sitestream.contactjobs.GeneratedFile;

/**
 * Imports into a system that runs in mode {@code open}, follows the channel as a browser
 * does, and prints what it took. See CONTRIBUTING.
 */
public final class ImportLoad {

	private final HttpClient http = HttpClient.newHttpClient();

	private final String account = "load-" + UUID.randomUUID();

	private final int port;

	private ImportLoad(int port) {
		this.port = port;
	}

	/**
	 * Runs.
	 * @param arguments {@code --port=8080}, {@code --rows=50000},
	 * {@code --disconnects=0}, or {@code --formats} to import one file of each layout
	 * instead
	 */
	public static void main(String[] arguments) throws Exception {
		Map<String, String> options = new HashMap<>(Map.of("port", "8080", "rows", "50000", "disconnects", "0"));
		Arrays.stream(arguments).map((argument) -> argument.substring(2).split("=", 2)).forEach((option) -> {
			options.put(option[0], (option.length > 1) ? option[1] : "true");
		});
		ImportLoad load = new ImportLoad(Integer.parseInt(options.get("port")));
		if (options.containsKey("formats")) {
			load.formats();
		}
		else {
			load.rows(Long.parseLong(options.get("rows")), Integer.parseInt(options.get("disconnects")));
		}
	}

	private void rows(long rows, int disconnects) throws Exception {
		String channelId = "channel-" + UUID.randomUUID();
		try (HeapWatch heap = new HeapWatch(this.port);
				ChannelFollower follower = new ChannelFollower(this.port, this.account, channelId, disconnects)) {
			long begin = System.nanoTime();
			String path = upload(channelId, () -> GeneratedFile.ofRows("load", rows), "text/csv", "");
			double uploaded = seconds(begin);
			say("uploaded  %,d rows in %.1f s", rows, uploaded);
			follower.awaitEnd(Duration.ofHours(2));
			double done = seconds(begin);
			say("done      after %.1f s, %,.0f rows/s", done, rows / done);
			say("frames    %,d, positions 1 to %,d without gap, over %d disconnects", follower.frames(),
					follower.position(), follower.disconnects());
			say("heap      %s", heap.report());
			say("import    %s", get(path));
		}
	}

	/**
	 * Imports one file of each layout and prints a transcript.
	 */
	private void formats() throws Exception {
		for (ContactFileLayout format : ContactFileLayout.all()) {
			String channelId = "channel-" + UUID.randomUUID();
			say("%n%s (%s)%s", format.file(), format.type(), format.parameters());
			try (ChannelFollower follower = new ChannelFollower(this.port, this.account, channelId, 0)) {
				String path = upload(channelId, format::open, format.type(), format.parameters());
				follower.awaitEnd(Duration.ofMinutes(2));
				follower.bodies().forEach((body) -> say("  %s", body));
				get(path + "/rejections").lines().skip(1).forEach((line) -> say("  rejected: %s", line));
			}
		}
	}

	private String upload(String channelId, Supplier<InputStream> file, String type, String parameters)
			throws IOException, InterruptedException {
		HttpResponse<String> answer = this.http
			.send(request("/api/contact-imports?channelId=" + channelId + parameters).header("Content-Type", type)
				.POST(BodyPublishers.ofInputStream(file))
				.build(), BodyHandlers.ofString());
		if (answer.statusCode() != 202) {
			throw new IllegalStateException("%d %s".formatted(answer.statusCode(), answer.body()));
		}
		return answer.headers().firstValue("Location").orElseThrow();
	}

	private String get(String path) throws IOException, InterruptedException {
		return this.http.send(request(path).build(), BodyHandlers.ofString()).body();
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.header("Account-Id", this.account);
	}

	private static double seconds(long since) {
		return (System.nanoTime() - since) / 1e9;
	}

	private static void say(String line, Object... values) {
		System.out.println(line.formatted(values));
	}

}
