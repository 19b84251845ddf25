package io.sitestream.kvstore;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;

import io.sitestream.ApiClient;
import io.sitestream.ApiClient.Answer;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestSpace;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two stores on one topic in two processes.
 */
class TwoStoresProcessTests {

	private static final List<String> CODES = List.of("AT", "BE", "CH", "DE", "ES", "FR", "GR", "HU");

	private final TestSpace space = TestSpace.of("business");

	private final Random random = new Random(3);

	private final TreeMap<String, String> model = new TreeMap<>();

	@Test
	void showTheSameWhoeverWritesAndWhoeverDies() {
		try (SitestreamProcess first = start("first"); SitestreamProcess second = start("second")) {
			for (int i = 0; i < 60; i++) {
				boolean here = this.random.nextBoolean();
				writeAndSeeItAtTheOther((here ? first : second), (here ? second : first), i);
			}
			assertThat(names(first)).isEqualTo(names(second)).isEqualTo(List.copyOf(this.model.values()));
			assertThat(stores(first)).isEqualTo(stores(second));

			first.kill9();
			write(second, 100);
			try (SitestreamProcess again = start("first")) {
				write(second, 101);
				writeAndSeeItAtTheOther(again, second, 102);
				assertThat(names(again)).isEqualTo(names(second)).isEqualTo(List.copyOf(this.model.values()));
				assertThat(stores(again)).isEqualTo(stores(second));
			}
		}
	}

	private void writeAndSeeItAtTheOther(SitestreamProcess writer, SitestreamProcess other, int number) {
		String code = CODES.get(this.random.nextInt(CODES.size()));
		ApiClient api = new ApiClient(writer.port());
		Answer answer;
		if (this.model.containsKey(code) && this.random.nextInt(3) == 0) {
			answer = api.delete("/api/countries/" + code);
			assertThat(answer.status()).isEqualTo(204);
			this.model.remove(code);
		}
		else {
			String name = "%s %d".formatted(code, number);
			answer = api.put("/api/countries/" + code, "{\"name\":\"%s\"}".formatted(name));
			assertThat(answer.status()).isEqualTo(this.model.containsKey(code) ? 200 : 201);
			this.model.put(code, name);
		}
		Answer seen = new ApiClient(other.port()).get("/api/countries/" + code, "Prefer", "wait=30",
				"Consistency-Token", answer.header("Consistency-Token").orElseThrow());
		if (this.model.containsKey(code)) {
			assertThat(seen.json().path("name").asString()).isEqualTo(this.model.get(code));
		}
		else {
			assertThat(seen.status()).isEqualTo(404);
		}
	}

	private void write(SitestreamProcess writer, int number) {
		writeAndSeeItAtTheOther(writer, writer, number);
	}

	private static List<String> names(SitestreamProcess process) {
		return new ApiClient(process.port()).get("/api/countries").json().path("items").findValuesAsString("name");
	}

	private static String stores(SitestreamProcess process) {
		return new ApiClient(process.port()).get("/actuator/kvstores").body();
	}

	private SitestreamProcess start(String name) {
		return SitestreamProcess.in(this.space).named(name).modules("business").start();
	}

}
