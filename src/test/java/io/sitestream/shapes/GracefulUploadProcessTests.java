package io.sitestream.shapes;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import io.sitestream.contactjobs.GeneratedFile;
import io.sitestream.contactjobs.ImportClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A process is asked to end while it reads three files: one that ends soon, one that does
 * not, and one whose client has fallen silent. The watchdog and the web server would wait
 * for longer than the process lives.
 */
class GracefulUploadProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

	private final AtomicBoolean shortGoesOn = new AtomicBoolean(true);

	private final AtomicBoolean longGoesOn = new AtomicBoolean(true);

	private final CountDownLatch silence = new CountDownLatch(1);

	@Test
	void endWithinTheGracePeriodOrFailAtOnce() {
		TestSpace space = TestSpace.of("contactjobs");
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), space.topicPrefix());
				SitestreamProcess leaving = SitestreamProcess.in(space)
					.modules("contactjobs")
					.named("leaving")
					.with("spring.lifecycle.timeout-per-shutdown-phase", "12s")
					.with("server.tomcat.connection-timeout", "120s")
					.start()) {
			CompletableFuture<HttpResponse<String>> ending = upload(leaving, "ending", slowly(this.shortGoesOn));
			CompletableFuture<HttpResponse<String>> endless = upload(leaving, "endless", slowly(this.longGoesOn));
			CompletableFuture<HttpResponse<String>> silent = upload(leaving, "silent", silentlyAfter(5_000));
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(imports(probe)).containsOnlyKeys("ending", "endless", "silent"));

			CompletableFuture<Integer> code = CompletableFuture.supplyAsync(leaving::terminate);
			await().atMost(PATIENCE).untilAsserted(() -> assertThatNobodyElseIsLetIn(leaving));
			this.shortGoesOn.set(false);

			assertThat(answer(ending).statusCode()).isEqualTo(202);
			assertThat(leaving.isAlive()).isTrue();
			await().atMost(PATIENCE).until(() -> state(imports(probe), "endless").equals("FAILED"));
			this.longGoesOn.set(false);
			HttpResponse<String> refused = answer(endless);
			assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
			assertThat(refused.body()).contains("urn:sitestream:problem:instance-stopping");
			assertThat(refused.headers().firstValue("Location")).isPresent();
			assertThat(code.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(143);
			Instant gone = Instant.now();

			Map<String, JsonNode> imports = imports(probe);
			assertThat(state(imports, "ending")).isEqualTo("RUNNING");
			assertThat(imports.get("ending").at("/rows/total").asLong()).as("read to its end").isPositive();
			for (String name : new String[] { "endless", "silent" }) {
				assertThat(state(imports, name)).as(name).isEqualTo("FAILED");
				assertThat(imports.get(name).at("/problem/type").asString())
					.isEqualTo("urn:sitestream:problem:instance-stopping");
				assertThat(Instant.parse(imports.get(name).at("/finishedAt").asString())).isBefore(gone);
			}
			this.silence.countDown();
			silent.exceptionally((cut) -> null).orTimeout(60, TimeUnit.SECONDS).join();
		}
		finally {
			this.shortGoesOn.set(false);
			this.longGoesOn.set(false);
			this.silence.countDown();
		}
	}

	private static CompletableFuture<HttpResponse<String>> upload(SitestreamProcess process, String account,
			BooleanSupplier goesOn) {
		ImportClient client = new ImportClient(process.port(), account);
		return CompletableFuture.supplyAsync(() -> client.upload(() -> GeneratedFile.until(account, goesOn)),
				(task) -> Thread.ofVirtual().start(task));
	}

	private static BooleanSupplier slowly(AtomicBoolean goesOn) {
		return () -> {
			LockSupport.parkNanos(PAUSE_NANOS);
			return goesOn.get();
		};
	}

	private BooleanSupplier silentlyAfter(int rows) {
		AtomicInteger count = new AtomicInteger();
		return () -> {
			if (count.incrementAndGet() <= rows) {
				return true;
			}
			try {
				this.silence.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return false;
		};
	}

	private static void assertThatNobodyElseIsLetIn(SitestreamProcess leaving) {
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> new ApiClient(leaving.port()).get("/api/contact-imports"))
			.withCauseInstanceOf(ConnectException.class);
	}

	private static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> upload) {
		return upload.orTimeout(60, TimeUnit.SECONDS).join();
	}

	/** The newest state of each account's only import. */
	private static Map<String, JsonNode> imports(TopicProbe probe) {
		Map<String, JsonNode> imports = new TreeMap<>();
		probe.committedValues("contact-imports").forEach((value) -> {
			JsonNode tracked = JsonMapper.shared().readTree(value);
			imports.put(tracked.path("account").asString(), tracked.path("contactImport"));
		});
		return imports;
	}

	private static String state(Map<String, JsonNode> imports, String account) {
		return imports.get(account).path("state").asString();
	}

}
