package io.sitestream.contactjobs.intake;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.sitestream.SitestreamTest;
import io.sitestream.TestServers;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.servers.LocalKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two uploads at once into a broker that takes 1 MiB a second of each producer (a quota
 * of Kafka's own). What a process keeps of an upload is at most what its client has sent
 * and Kafka has not taken, so a bound of that is a bound of the heap it needs.
 */
@SitestreamTest(modules = { "contactjobs", "contactimporter" })
@DirtiesContext
class SlowBrokerIntegrationTests {

	static final LocalKafka KAFKA = TestServers
		.separateKafka(Map.of("quota.window.num", "2", "quota.window.size.seconds", "1"));

	static final int RATE = 1024 * 1024;

	static final int ROWS = 5_000;

	/**
	 * The window of all uploads, and for each upload a batch that waits and what the
	 * buffers of both ends of its connection hold.
	 */
	static final long MOST_AHEAD = SendWindow.BYTES + 2 * (BatchCutter.MAX_BYTES + 1024 * 1024);

	@LocalServerPort
	int port;

	@Value("${sitestream.topics.prefix}")
	String prefix;

	@DynamicPropertySource
	static void kafka(DynamicPropertyRegistry registry) {
		registry.add("spring.kafka.bootstrap-servers", KAFKA::address);
	}

	@AfterAll
	static void stop() {
		KAFKA.stop();
	}

	@Test
	void slowsClientsDownToWhatKafkaTakesAndRefusesNothing() {
		new ImportClient(this.port).importAndAwait("name,email\n", "");
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.address()))) {
			slowDown(admin);
			long before = batches(admin);
			List<CountedUpload> uploads = IntStream.range(0, 2)
				.mapToObj((number) -> new CountedUpload(this.port, ROWS))
				.toList();
			List<Progress> progress = new ArrayList<>();
			AtomicInteger answeredMeanwhile = new AtomicInteger();
			long began = System.nanoTime();
			List<CompletableFuture<String>> running = uploads.stream()
				.map((upload) -> CompletableFuture.supplyAsync(upload::send))
				.toList();

			await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100)).until(() -> {
				long sent = uploads.stream().mapToLong(CountedUpload::sent).sum();
				progress.add(new Progress(sent, batches(admin) - before));
				assertThat(uploads.getFirst().client().get("/api/contact-imports").statusCode()).isEqualTo(200);
				if (running.stream().noneMatch(CompletableFuture::isDone)) {
					answeredMeanwhile.incrementAndGet();
				}
				return progress.size() > 10;
			});
			HttpResponse<String> other = new ImportClient(this.port).upload("name,email\nAda,ada@example.org\n", "");
			await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100)).until(() -> {
				long sent = uploads.stream().mapToLong(CountedUpload::sent).sum();
				// one batch is the other upload's
				progress.add(new Progress(sent, batches(admin) - before - 1));
				assertThat(uploads.getFirst().client().get("/api/contact-imports").statusCode()).isEqualTo(200);
				return running.stream().allMatch(CompletableFuture::isDone);
			});
			Duration took = Duration.ofNanos(System.nanoTime() - began);

			long all = uploads.stream().mapToLong(CountedUpload::sent).sum();
			assertThat(took).as("the broker is slow").isGreaterThan(Duration.ofSeconds(all / RATE / 2));
			assertThat(answeredMeanwhile).as("others are answered while both uploads are slowed down")
				.hasPositiveValue();
			ImportClient.accepted(other);
			long batches = 0;
			for (int i = 0; i < uploads.size(); i++) {
				JsonNode done = uploads.get(i).client().awaitDone(running.get(i).join());
				assertThat(done.path("state").asString()).as("%s", done).isEqualTo("COMPLETED");
				assertThat(done.path("rows").path("created").asInt()).isEqualTo(ROWS);
				assertThat(done.path("rows").path("total").asInt()).isEqualTo(ROWS);
				batches += done.path("batches").path("total").asLong();
			}
			long bytesOfABatch = all / batches;
			assertThat(progress).as("%d bytes a batch", bytesOfABatch)
				.allMatch((each) -> each.sent() - each.batches() * bytesOfABatch < MOST_AHEAD);
		}
	}

	private static void slowDown(Admin admin) {
		ClientQuotaEntity everybody = new ClientQuotaEntity(
				Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
		get(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(everybody,
				List.of(new ClientQuotaAlteration.Op("producer_byte_rate", (double) RATE)))))
			.all());
	}

	/** How many batches Kafka has taken so far. */
	private long batches(Admin admin) {
		Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, 6)
			.mapToObj((partition) -> new TopicPartition(this.prefix + "contact-import-batches", partition))
			.collect(Collectors.toMap(Function.identity(), (partition) -> OffsetSpec.latest()));
		return get(admin.listOffsets(ends).all()).values().stream().mapToLong((end) -> end.offset()).sum();
	}

	private static <T> T get(KafkaFuture<T> future) {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * How far both uploads were at a moment.
	 *
	 * @param sent bytes that the clients had handed to their sockets
	 * @param batches how many batches Kafka had taken a moment later
	 */
	private record Progress(long sent, long batches) {

	}

}
