package io.sitestream.contactjobs.intake;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the intake.
 *
 * @param maxFileSize the largest file that is taken; larger ones are answered with 413
 */
@ConfigurationProperties("sitestream.contactjobs")
record ContactJobsProperties(@DefaultValue("512MB") DataSize maxFileSize) {

	ContactJobsProperties {
		if (maxFileSize.toBytes() < 1) {
			throw new IllegalArgumentException(
					"sitestream.contactjobs.max-file-size is %s: it must be at least 1B.".formatted(maxFileSize));
		}
	}

}
