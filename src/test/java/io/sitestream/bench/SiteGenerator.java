package io.sitestream.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.sitestream.platform.RecordFormat;
import io.sitestream.site.CreatingCommands;
import io.sitestream.site.SiteMetadata;
import io.sitestream.site.SiteTopics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes sites, the same for the same seed: with {@code --to=site-commands} as commands,
 * which applySiteCommands carries out, so that the whole system has them; with
 * {@code --to=site-metadata} straight as records, for measurements of projections alone.
 * The latter is for systems that are thrown away, since the write model does not know
 * these sites.
 */
final class SiteGenerator {

	private static final String COMMANDS = "site-commands";

	private static final String METADATA = "site-metadata";

	private static final int REPORT_EVERY = 100_000;

	private final BenchOptions options;

	private final SiteCatalogue catalogue;

	private final RecordFormat format = new RecordFormat();

	private final String topic;

	private long bytes;

	private long apps;

	SiteGenerator(BenchOptions options) {
		this.options = options;
		this.catalogue = new SiteCatalogue(options.number("seed"), options.number("version"));
		this.topic = options.text("to");
		if (!this.topic.equals(COMMANDS) && !this.topic.equals(METADATA)) {
			throw new IllegalArgumentException(
					"--to is '%s': expected %s or %s.".formatted(this.topic, COMMANDS, METADATA));
		}
	}

	public static void main(String[] args) {
		new SiteGenerator(BenchOptions.of(args)).run();
	}

	/**
	 * Writes all sites and waits until Kafka has them.
	 * @return how many apps they have
	 */
	long run() {
		int sites = this.options.number("sites");
		AtomicReference<Exception> failure = new AtomicReference<>();
		long start = System.nanoTime();
		try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, this.options.text("kafka"),
						ProducerConfig.LINGER_MS_CONFIG, 20, ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024,
						ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024),
				new ByteArraySerializer(), new ByteArraySerializer())) {
			for (int number = 0; number < sites && failure.get() == null; number++) {
				producer.send(record(this.catalogue.site(number)), (position, ex) -> {
					if (ex != null) {
						failure.compareAndSet(null, ex);
					}
				});
				if ((number + 1) % REPORT_EVERY == 0) {
					report(number + 1, start);
				}
			}
			producer.flush();
		}
		if (failure.get() != null) {
			throw new IllegalStateException(
					"Kafka at %s did not take everything.".formatted(this.options.text("kafka")), failure.get());
		}
		report(sites, start);
		return this.apps;
	}

	private ProducerRecord<byte[], byte[]> record(SiteMetadata site) {
		boolean asCommand = this.topic.equals(COMMANDS);
		byte[] value = asCommand ? CreatingCommands.of(site, this.format) : this.format.write(site);
		this.bytes += value.length;
		this.apps += site.apps().size();
		ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(this.options.text("topics-prefix") + this.topic,
				bytes(site.siteId()), value);
		if (!asCommand) {
			record.headers().add(SiteTopics.VERSION_HEADER, bytes(Long.toString(site.version())));
		}
		return record;
	}

	private void report(int sites, long start) {
		double seconds = (System.nanoTime() - start) / 1e9;
		System.out.printf("%s: %,d sites with %,d apps, %,d bytes of values, in %.1f s: %,.0f sites/s%n", this.topic,
				sites, this.apps, this.bytes, seconds, sites / seconds);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
