package io.sitestream.shapes;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that write sites without a break, each one its own. A client that gets no
 * answer asks the next process, with the same idempotency key. Each write sets the
 * version of one app to a number that is used once.
 */
final class SteadyWrites implements AutoCloseable {

	private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

	private final List<Thread> clients = new ArrayList<>();

	private final Queue<Integer> accepted = new ConcurrentLinkedQueue<>();

	private final Queue<String> faults = new ConcurrentLinkedQueue<>();

	private final AtomicInteger numbers = new AtomicInteger();

	private final AtomicInteger late = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger cut = new AtomicInteger();

	private final AtomicLong longestNanos = new AtomicLong();

	private volatile List<ApiClient> targets;

	private volatile boolean running = true;

	/**
	 * Makes the sites and begins.
	 * @param clients how many sites are written at the same time
	 * @param ports where to
	 */
	SteadyWrites(int clients, int... ports) {
		this.targets = apis(ports);
		for (int i = 0; i < clients; i++) {
			int client = i;
			Answer created = this.targets.getFirst()
				.post("/api/sites",
						"{\"siteId\":\"%s\",\"ownerId\":\"ann\",\"name\":\"Steady\"}".formatted(site(client)), "Prefer",
						"wait=30");
			assertThat(created.status()).as(created.body()).isEqualTo(201);
			this.clients.add(Thread.ofVirtual().start(() -> write(client)));
		}
	}

	static String site(int client) {
		return "steady-" + client;
	}

	/**
	 * From now on clients ask other processes.
	 * @param ports where to
	 */
	void target(int... ports) {
		this.targets = apis(ports);
	}

	/**
	 * Waits until more has been written.
	 * @param more how many writes
	 */
	void awaitMore(int more) {
		int goal = this.accepted.size() + more;
		await().atMost(Duration.ofSeconds(90)).until(() -> this.accepted.size() >= goal);
	}

	/**
	 * The numbers that were accepted.
	 * @return the numbers
	 */
	Collection<Integer> accepted() {
		return this.accepted;
	}

	/**
	 * Answers other than the wished ones.
	 * @return status and body
	 */
	Collection<String> faults() {
		return this.faults;
	}

	/**
	 * The longest that a client waited for one write, repetitions included.
	 * @return the time
	 */
	Duration longest() {
		return Duration.ofNanos(this.longestNanos.get());
	}

	@Override
	public String toString() {
		return "%d writes, %d of them answered 202, %d connections refused, %d cut, the longest write took %d ms"
			.formatted(this.accepted.size(), this.late.get(), this.refused.get(), this.cut.get(), longest().toMillis());
	}

	private void write(int client) {
		for (int round = client; this.running; round++) {
			int number = this.numbers.incrementAndGet();
			long begin = System.nanoTime();
			write(client, number, UUID.randomUUID().toString(), round);
			this.longestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

	private void write(int client, int number, String key, int round) {
		for (int attempt = round;; attempt++) {
			List<ApiClient> apis = this.targets;
			try {
				Answer answer = apis.get(attempt % apis.size())
					.put("/api/sites/%s/apps/chat".formatted(site(client)), "{\"version\":\"%d\"}".formatted(number),
							"Idempotency-Key", key, "Prefer", "wait=20");
				if (answer.status() == 202) {
					this.late.incrementAndGet();
				}
				else if (answer.status() != 200 && answer.status() != 201) {
					this.faults.add(answer.status() + " " + answer.body());
				}
				this.accepted.add(number);
				return;
			}
			catch (UncheckedIOException ex) {
				((ex.getCause() instanceof ConnectException) ? this.refused : this.cut).incrementAndGet();
				LockSupport.parkNanos(PAUSE_NANOS);
			}
		}
	}

	private static List<ApiClient> apis(int... ports) {
		List<ApiClient> apis = new ArrayList<>();
		for (int port : ports) {
			apis.add(new ApiClient(port));
		}
		return apis;
	}

	@Override
	public void close() {
		this.running = false;
		this.clients.forEach((client) -> {
			try {
				assertThat(client.join(Duration.ofSeconds(60))).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		});
	}

}
