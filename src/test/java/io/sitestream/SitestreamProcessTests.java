package io.sitestream;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SitestreamProcessTests {

	@Test
	void stopsWakesUpAndEnds() throws Exception {
		try (SitestreamProcess reader = SitestreamProcess.in(TestSpace.of("appsreader")).modules("appsreader").start();
				HttpClient client = HttpClient.newHttpClient()) {
			HttpRequest live = HttpRequest.newBuilder(reader.uri("/actuator/health/liveness"))
				.timeout(Duration.ofSeconds(1))
				.build();

			reader.sigstop();
			assertThatExceptionOfType(HttpTimeoutException.class)
				.isThrownBy(() -> client.send(live, BodyHandlers.discarding()));
			reader.sigcont();

			assertThat(client.send(HttpRequest.newBuilder(live.uri()).build(), BodyHandlers.discarding()).statusCode())
				.isEqualTo(200);
			assertThat(reader.terminate()).isEqualTo(143);
		}
	}

	@Test
	void refusesAnUnknownModule() {
		try (SitestreamProcess refused = SitestreamProcess.alone().modules("appreader").launch()) {
			assertThat(refused.awaitExit()).isEqualTo(1);
			assertThat(refused.output()).contains("sitestream.modules has 'appreader'. Allowed are: appsreader, ");
		}
	}

}
