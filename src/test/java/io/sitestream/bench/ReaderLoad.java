package io.sitestream.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Reads views of sites through the API, from several clients at once. The clients share
 * the machine with what they measure.
 */
final class ReaderLoad {

	private final HttpClient client = HttpClient.newHttpClient();

	private final String base;

	private final int clients;

	private final int seconds;

	ReaderLoad(String address, int clients, int seconds) {
		this.base = "http://" + address;
		this.clients = clients;
		this.seconds = seconds;
	}

	/**
	 * Reads views as fast as it goes.
	 * @param what names the measurement
	 * @param sites from how many sites each read picks one
	 */
	void measure(String what, int sites) throws InterruptedException {
		measure(what, () -> "/api/installed-apps/by-site/"
				+ SiteCatalogue.siteId(ThreadLocalRandom.current().nextInt(sites)));
	}

	/**
	 * Reads as fast as it goes.
	 * @param what names the measurement
	 * @param paths the path of each read
	 */
	void measure(String what, Supplier<String> paths) throws InterruptedException {
		LongAdder reads = new LongAdder();
		LongAdder failures = new LongAdder();
		ConcurrentLinkedQueue<Long> sample = new ConcurrentLinkedQueue<>();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(this.seconds);
		try (ExecutorService pool = Executors.newFixedThreadPool(this.clients)) {
			for (int i = 0; i < this.clients; i++) {
				pool.submit(() -> {
					while (System.nanoTime() < end) {
						long start = System.nanoTime();
						boolean found = read(paths.get());
						(found ? reads : failures).increment();
						if (reads.sum() % 16 == 0) {
							sample.add(System.nanoTime() - start);
						}
					}
				});
			}
		}
		long[] sorted = sample.stream().mapToLong(Long::longValue).sorted().toArray();
		System.out.printf("reads, %s: %,d/s, median %.2f ms, 99 %% below %.2f ms, %d failures (%d clients)%n", what,
				reads.sum() / this.seconds, millis(sorted, 0.5), millis(sorted, 0.99), failures.sum(), this.clients);
	}

	private boolean read(String path) {
		try {
			HttpResponse<byte[]> answer = this.client.send(HttpRequest.newBuilder(URI.create(this.base + path)).build(),
					BodyHandlers.ofByteArray());
			return answer.statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static double millis(long[] sorted, double share) {
		return (sorted.length > 0) ? sorted[(int) (share * (sorted.length - 1))] / 1e6 : Double.NaN;
	}

}
