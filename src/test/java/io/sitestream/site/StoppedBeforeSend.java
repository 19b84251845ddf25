package io.sitestream.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.RecordFormat;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes the application stand still between the database's commit and the send: it leaves
 * the file {@code stored} in the folder of {@code sitestream.test.gate} and waits for the
 * file {@code go}.
 */
@TestConfiguration(proxyBeanMethods = false)
class StoppedBeforeSend {

	@Bean
	@Primary
	SiteCommands gatedSiteCommands(SiteStore store, SiteChanges changes, SiteProperties properties,
			TransactionOperations transactions, RecordFormat format, Clock clock, PublishedCommands published,
			@Value("${sitestream.test.gate}") Path folder) {
		return new SiteCommands(store, changes, properties, transactions, format, clock, published) {
			@Override
			List<Emission> on(List<Consumed<SiteCommand>> records) {
				List<Emission> emissions = super.on(records);
				stand(folder);
				return emissions;
			}
		};
	}

	private static void stand(Path folder) {
		try {
			Files.writeString(folder.resolve("stored"), "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		while (!Files.exists(folder.resolve("go"))) {
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
	}

}
