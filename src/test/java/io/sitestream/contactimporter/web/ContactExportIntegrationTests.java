package io.sitestream.contactimporter.web;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.sitestream.SitestreamTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = { "contactjobs", "contactimporter" })
class ContactExportIntegrationTests {

	@Autowired
	ContactExport export;

	@Autowired
	HikariDataSource connections;

	@Autowired
	JdbcClient jdbc;

	final String account = "account-" + UUID.randomUUID();

	@Test
	void writesEveryContactOnceOldestFirstAndHoldsNoConnectionWhileTheClientReads() {
		this.jdbc
			.sql("""
					insert into contacts.contact (contact_id, account, version, full_name, emails, phones, labels, addresses)
					select ? || '-' || (9999 - i), ?, 1, 'Contact ' || i, '[]', '[]', '[]', '[]'
					from generate_series(1, 1200) as i order by i
					""")
			.param(this.account)
			.param(this.account)
			.update();
		ByteArrayOutputStream file = new ByteArrayOutputStream();

		this.export.csv(this.account, awaitingThatNoConnectionIsInUse(file));

		List<String> names = file.toString(StandardCharsets.UTF_8)
			.lines()
			.skip(1)
			.map((line) -> line.substring(0, line.indexOf(',')))
			.toList();
		assertThat(names).isEqualTo(IntStream.rangeClosed(1, 1200).mapToObj((i) -> "Contact " + i).toList());
	}

	/** The output of a client that is slower than everything else here. */
	private OutputStream awaitingThatNoConnectionIsInUse(OutputStream file) {
		return new FilterOutputStream(file) {

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				await("no connection in use").pollInSameThread()
					.atMost(Duration.ofSeconds(10))
					.until(() -> ContactExportIntegrationTests.this.connections.getHikariPoolMXBean()
						.getActiveConnections() == 0);
				this.out.write(bytes, offset, length);
			}

		};
	}

}
