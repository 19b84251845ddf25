package io.sitestream.servers;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka, broker and controller in one, inside this process. A kill of the process
 * ends it with all its locks, so it never becomes an orphan.
 */
public final class LocalKafka implements LocalServer {

	private static final int NODE = 1;

	private final Path folder;

	private final int port;

	private @Nullable KafkaRaftServer server;

	private final int node;

	private final String clusterId;

	private final Map<String, String> overrides;

	public LocalKafka(Path folder, int port) {
		this(folder, port, Map.of());
	}

	/**
	 * Describes a broker with settings of its own.
	 * @param folder where it keeps its data
	 * @param port where clients reach it
	 * @param overrides settings that win over the usual ones
	 */
	public LocalKafka(Path folder, int port, Map<String, String> overrides) {
		this(folder, port, NODE, Uuid.randomUuid().toString(), overrides);
	}

	/**
	 * Creates a node of a cluster.
	 * @param folder where it keeps its data
	 * @param port where clients reach it
	 * @param node its number
	 * @param clusterId the cluster
	 * @param overrides settings that differ from those of a broker that is alone
	 */
	LocalKafka(Path folder, int port, int node, String clusterId, Map<String, String> overrides) {
		this.folder = folder.toAbsolutePath();
		this.port = port;
		this.node = node;
		this.clusterId = clusterId;
		this.overrides = Map.copyOf(overrides);
	}

	@Override
	public void start() {
		if (this.server != null) {
			return;
		}
		formatOnce();
		KafkaRaftServer starting = new KafkaRaftServer(KafkaConfig.fromProps(settings(), false), Time.SYSTEM);
		starting.startup();
		this.server = starting;
	}

	@Override
	public void stop() {
		KafkaRaftServer running = this.server;
		if (running != null) {
			running.shutdown();
			running.awaitShutdown();
			this.server = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int port() {
		return this.port;
	}

	private void formatOnce() {
		if (Files.exists(this.folder.resolve("meta.properties"))) {
			return;
		}
		try {
			new Formatter().setClusterId(this.clusterId)
				.setNodeId(this.node)
				.setDirectories(List.of(this.folder.toString()))
				.setMetadataLogDirectory(this.folder.toString())
				.setControllerListenerName("CONTROLLER")
				.setReleaseVersion(MetadataVersion.latestProduction())
				.setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
				.run();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Kafka cannot use the folder %s.".formatted(this.folder), ex);
		}
	}

	private Properties settings() {
		int controllerPort = Ports.free();
		Properties settings = new Properties();
		settings.put("process.roles", "broker,controller");
		settings.put("node.id", Integer.toString(this.node));
		settings.put("controller.quorum.voters", "%d@127.0.0.1:%d".formatted(NODE, controllerPort));
		settings.put("controller.listener.names", "CONTROLLER");
		settings.put("listeners",
				"PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(this.port, controllerPort));
		settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:%d".formatted(this.port));
		settings.put("log.dirs", this.folder.toString());
		settings.put("auto.create.topics.enable", "false");
		// one broker holds everything
		settings.put("offsets.topic.replication.factor", "1");
		settings.put("offsets.topic.num.partitions", "4");
		settings.put("transaction.state.log.replication.factor", "1");
		settings.put("transaction.state.log.min.isr", "1");
		settings.put("transaction.state.log.num.partitions", "4");
		// after a kill the new broker is let in when the session of the old one is over
		settings.put("broker.session.timeout.ms", "2000");
		settings.put("broker.heartbeat.interval.ms", "500");
		// nobody takes the partitions over, and nobody else joins a group
		settings.put("controlled.shutdown.enable", "false");
		settings.put("group.initial.rebalance.delay.ms", "0");
		settings.put("group.min.session.timeout.ms", "1000");
		settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
		// a small machine
		settings.put("log.cleaner.dedupe.buffer.size", "8388608");
		settings.put("log.index.size.max.bytes", "1048576");
		settings.put("num.network.threads", "2");
		settings.put("num.io.threads", "4");
		settings.putAll(this.overrides);
		return settings;
	}

}
