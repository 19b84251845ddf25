package io.sitestream.site;

import java.util.List;

import io.sitestream.platform.Preconditions;
import io.sitestream.site.SiteRequests.App;
import io.sitestream.site.SiteRequests.CreateSite;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestFingerprintUnitTests {

	@Test
	void isTheSameForWhatSaysTheSame() {
		CreateSite brief = new CreateSite(null, "ann", "Shop", null, null, null,
				List.of(new App("chat", null, "1", null)));
		CreateSite wordy = new CreateSite(null, "ann", "Shop", null, null, null,
				List.of(new App("chat", null, "1", InstalledApp.Status.ENABLED)));
		CreateSite empty = new CreateSite(null, "ann", "Shop", null, null, null, List.of());
		CreateSite absent = new CreateSite(null, "ann", "Shop", null, null, null, null);

		assertThat(of("POST /api/sites", brief.change())).isEqualTo(of("POST /api/sites", wordy.change()))
			.matches("[0-9a-f]{64}");
		assertThat(of("POST /api/sites", empty.change())).isEqualTo(of("POST /api/sites", absent.change()))
			.isNotEqualTo(of("POST /api/sites", brief.change()));
	}

	/**
	 * Processes of two releases work side by side: what one has recorded is compared with
	 * what the other computes.
	 */
	@Test
	void staysTheSameFromReleaseToRelease() {
		SiteChange change = new SiteChange.Create("ann", "Shop", "de", null, 7L,
				List.of(new SiteChange.PutApp("chat", null, "1", InstalledApp.Status.ENABLED)));

		assertThat(of("POST /api/sites shop", change)).isEqualTo(CommandId.hash("""
				POST /api/sites shop
				{}
				{"apps":[{"appId":"chat","status":"ENABLED","version":"1"}],"locale":"de","name":"Shop",\
				"ownerId":"ann","publishedVersion":7}"""));
	}

	private static String of(String target, SiteChange change) {
		return RequestFingerprint.of(target, Preconditions.NONE, change);
	}

}
