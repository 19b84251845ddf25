package io.sitestream.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches the heap of a process through its metrics.
 */
final class HeapWatch implements AutoCloseable {

	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	private volatile double peak;

	private volatile boolean closed;

	HeapWatch(int port) {
		this.port = port;
		Thread.ofVirtual().start(this::watch);
	}

	/**
	 * The largest heap that was seen, what is garbage included.
	 * @return a text
	 */
	String report() {
		return "peak %.0f MiB used".formatted(this.peak / 1024 / 1024);
	}

	private void watch() {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%d/actuator/prometheus".formatted(this.port)))
			.build();
		while (!this.closed) {
			try {
				double used = this.http.send(request, BodyHandlers.ofString())
					.body()
					.lines()
					.filter((line) -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
					.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
					.sum();
				this.peak = Math.max(this.peak, used);
			}
			catch (IOException | InterruptedException ex) {
				return;
			}
			LockSupport.parkNanos(INTERVAL);
		}
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
