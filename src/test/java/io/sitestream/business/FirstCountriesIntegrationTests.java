package io.sitestream.business;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamTest;
import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.platform.Emitter;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "business", properties = "test.space=first-countries")
class FirstCountriesIntegrationTests {

	@LocalServerPort
	int port;

	@Autowired
	KeyValueStore<Country> countries;

	@Autowired
	Emitter emitter;

	@Test
	void beginWithAllOfIso3166ButSouthSudanAndOnlyOnce() {
		FirstCountries.fill(this.countries, this.emitter);
		assertThat(this.countries.all()).hasSize(248).containsKey("AQ").doesNotContainKey("SS");

		this.countries.delete("AQ");
		FirstCountries.fill(this.countries, this.emitter);

		assertThat(new ApiClient(this.port).get("/api/countries").json().path("items")).hasSize(247);
	}

}
