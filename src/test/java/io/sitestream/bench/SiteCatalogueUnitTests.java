package io.sitestream.bench;

import java.util.List;
import java.util.stream.IntStream;

import io.sitestream.site.SiteMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SiteCatalogueUnitTests {

	private final List<SiteMetadata> sites = sites(7);

	@Test
	void isTheSameForTheSameSeed() {
		assertThat(sites(7)).isEqualTo(this.sites);
		assertThat(sites(8)).isNotEqualTo(this.sites);
	}

	@Test
	void hasTheAppsOfAPlatform() {
		List<Integer> counts = this.sites.stream().map((site) -> site.apps().size()).sorted().toList();

		assertThat(counts.getFirst()).isZero();
		assertThat(counts.get(counts.size() / 2)).isEqualTo(5);
		assertThat(counts.getLast()).isBetween(25, 30);
		assertThat(share("app-popular")).isBetween(0.28, 0.32);
		assertThat(share("app-000")).isGreaterThan(3 * share("app-010"));
		assertThat(share("app-350")).isBetween(0.0, 0.02);
	}

	@Test
	void givesEveryInstallationAnIdOfItsOwn() {
		assertThat(this.sites.stream().flatMap((site) -> site.apps().stream()).map((app) -> app.instanceId()))
			.doesNotHaveDuplicates();
	}

	private double share(String appId) {
		return this.sites.stream()
			.filter((site) -> site.apps().stream().anyMatch((app) -> app.appId().equals(appId)))
			.count() / (double) this.sites.size();
	}

	private static List<SiteMetadata> sites(long seed) {
		SiteCatalogue catalogue = new SiteCatalogue(seed, 1);
		return IntStream.range(0, 10_000).mapToObj(catalogue::site).toList();
	}

}
