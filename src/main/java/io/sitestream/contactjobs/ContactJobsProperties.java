package io.sitestream.contactjobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of imports.
 *
 * @param maxFileSize the largest file that is taken; larger ones are answered with 413
 * @param uploadTimeout how long nothing may be heard of an upload before its import is
 * FAILED; an upload that is read gives a sign of life three times in this time
 * @param standstill how long an import that was read to its end may make no progress
 * before metrics, health and log say so; it goes on when it can
 * @param retention how long an import is kept after its end, and can be undone
 * @param aliases more names of columns, by field: {@code full-name}, {@code name-prefix},
 * {@code given-name}, {@code additional-name}, {@code family-name}, {@code name-suffix},
 * {@code email}, {@code phone}, {@code company}, {@code job-title}, {@code birthday},
 * {@code labels}, {@code notes}, {@code address}, {@code address-street},
 * {@code address-city}, {@code address-region}, {@code address-postal-code},
 * {@code address-country}, {@code ignored}, {@code unknown}. Case, spaces and punctuation
 * play no role, # stands for a number
 */
@ConfigurationProperties("sitestream.contactjobs")
public record ContactJobsProperties(@DefaultValue("512MB") DataSize maxFileSize,
		@DefaultValue("60s") Duration uploadTimeout, @DefaultValue("10m") Duration standstill,
		@DefaultValue("30d") Duration retention, @DefaultValue Map<String, List<String>> aliases) {

	public ContactJobsProperties {
		if (maxFileSize.toBytes() < 1) {
			throw new IllegalArgumentException(
					"sitestream.contactjobs.max-file-size is %s: it must be at least 1B.".formatted(maxFileSize));
		}
		requireAtLeast("upload-timeout", uploadTimeout, Duration.ofSeconds(1));
		requireAtLeast("standstill", standstill, Duration.ofSeconds(1));
		requireAtLeast("retention", retention, Duration.ofSeconds(1));
		checkAliases(aliases);
	}

	/**
	 * The names of columns that are known here.
	 * @return the standard ones and those that were added
	 */
	public ColumnAliases columns() {
		return ColumnAliases.standard().with(this.aliases);
	}

	private static void checkAliases(Map<String, List<String>> aliases) {
		try {
			ColumnAliases.standard().with(aliases);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("sitestream.contactjobs.aliases: " + ex.getMessage(), ex);
		}
	}

	private static void requireAtLeast(String name, Duration value, Duration least) {
		if (value.compareTo(least) < 0) {
			throw new IllegalArgumentException(
					"sitestream.contactjobs.%s is %s: it must be at least %s.".formatted(name, value, least));
		}
	}

}
