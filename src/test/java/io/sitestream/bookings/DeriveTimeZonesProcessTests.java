package io.sitestream.bookings;

import java.util.List;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestServers;
import io.sitestream.TestSpace;
import io.sitestream.TopicProbe;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeriveTimeZonesProcessTests {

	private final TestSpace space = TestSpace.of("bookings");

	@Test
	void losesNothingWhenItsProcessIsKilled() {
		try (TopicProbe probe = new TopicProbe(TestServers.kafka().address(), this.space.topicPrefix())) {
			PublishedZones zones = new PublishedZones(probe);
			for (String code : List.of("KE", "NO", "SS")) {
				try (SitestreamProcess process = start()) {
					zones.addCountry(code);
					probe.flush();
					process.kill9();
				}
			}
			try (SitestreamProcess process = start()) {
				zones.await("Africa/Juba", "Africa/Nairobi", "Europe/Oslo");
				ApiClient api = new ApiClient(process.port());
				assertThat(api.get("/api/bookings/time-zones/Africa/Juba").status()).isEqualTo(200);
			}
		}
	}

	private SitestreamProcess start() {
		return SitestreamProcess.in(this.space).named("deriving").modules("bookings").start();
	}

}
