package io.sitestream.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import io.sitestream.site.InstalledApp;
import io.sitestream.site.SiteMetadata;

/**
 * Sites as a website platform has them, the same for the same seed: the number of apps is
 * log-normal with a median of 5, from 0 to 30; one app is on three sites of ten, the
 * others are as popular as Zipf's law has it. Site n can be made without the others. Safe
 * for use by several threads.
 */
final class SiteCatalogue {

	/** The app that is on 30 % of all sites. */
	static final String POPULAR = "app-popular";

	private static final double POPULARITY = 0.3;

	private static final int APPS = 400;

	private static final int MOST_APPS = 30;

	private static final double SPREAD = 0.75;

	private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

	private static final double[] ZIPF = zipf();

	private final long seed;

	private final long version;

	SiteCatalogue(long seed, long version) {
		this.seed = seed;
		this.version = version;
	}

	static String siteId(int number) {
		return "site-%08d".formatted(number);
	}

	SiteMetadata site(int number) {
		RandomGenerator random = new SplittableRandom(this.seed * 0x9E3779B97F4A7C15L + number);
		Instant created = EPOCH.plusSeconds(random.nextInt(20_000_000));
		List<InstalledApp> apps = new ArrayList<>();
		for (String appId : appIds(random)) {
			apps.add(new InstalledApp(appId, "instance-%08d-%02d".formatted(number, apps.size()),
					"%d.%d.%d".formatted(random.nextInt(1, 9), random.nextInt(20), random.nextInt(10)),
					(random.nextInt(20) == 0) ? InstalledApp.Status.DISABLED : InstalledApp.Status.ENABLED,
					created.plusSeconds(random.nextInt(1_000_000))));
		}
		apps.sort(Comparator.comparing(InstalledApp::appId));
		return new SiteMetadata(siteId(number), this.version, "owner-%07d".formatted(random.nextInt(1_000_000)),
				"Site number " + number, "en", "www.site-%d.example".formatted(number), random.nextLong(1, 500), apps,
				created, created.plusSeconds(random.nextInt(2_000_000)));
	}

	private static Set<String> appIds(RandomGenerator random) {
		Set<String> ids = new LinkedHashSet<>();
		if (random.nextDouble() < POPULARITY) {
			ids.add(POPULAR);
		}
		long wanted = Math.min(MOST_APPS, (long) (5.5 * Math.exp(SPREAD * random.nextGaussian())));
		while (ids.size() < wanted) {
			int rank = Arrays.binarySearch(ZIPF, random.nextDouble());
			ids.add("app-%03d".formatted((rank >= 0) ? rank : -rank - 1));
		}
		return ids;
	}

	/** The share of the apps up to each rank. */
	private static double[] zipf() {
		double[] shares = new double[APPS];
		double sum = 0;
		for (int rank = 0; rank < APPS; rank++) {
			sum += 1.0 / (rank + 1);
			shares[rank] = sum;
		}
		for (int rank = 0; rank < APPS; rank++) {
			shares[rank] /= sum;
		}
		return shares;
	}

}
