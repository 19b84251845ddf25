package io.sitestream.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.Uuid;

/**
 * Three brokers, the first of them the controller. Every topic has three replicas, and a
 * write counts when two have it, so that one of the other two may stop.
 */
public final class LocalKafkaCluster implements AutoCloseable {

	private static final int NODES = 3;

	private final List<LocalKafka> nodes = new ArrayList<>();

	public LocalKafkaCluster(Path folder) {
		String clusterId = Uuid.randomUuid().toString();
		int controllerPort = Ports.free();
		for (int node = 1; node <= NODES; node++) {
			int port = Ports.free();
			this.nodes.add(new LocalKafka(folder.resolve("node-" + node), port, node, clusterId,
					overrides(node, port, controllerPort)));
		}
	}

	public LocalKafkaCluster start() {
		this.nodes.forEach(LocalKafka::start);
		return this;
	}

	/**
	 * The brokers of the cluster.
	 * @param index 0 for the controller, 1 and 2 for those that may stop
	 * @return the broker
	 */
	public LocalKafka node(int index) {
		return this.nodes.get(index);
	}

	public String addresses() {
		return this.nodes.stream().map(LocalKafka::address).collect(Collectors.joining(","));
	}

	@Override
	public void close() {
		this.nodes.reversed().forEach(LocalKafka::stop);
	}

	private static Map<String, String> overrides(int node, int port, int controllerPort) {
		Map<String, String> overrides = new HashMap<>();
		overrides.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
		if (node == 1) {
			overrides.put("listeners",
					"PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
		}
		else {
			overrides.put("process.roles", "broker");
			overrides.put("listeners", "PLAINTEXT://127.0.0.1:" + port);
		}
		overrides.put("default.replication.factor", "3");
		overrides.put("min.insync.replicas", "2");
		overrides.put("offsets.topic.replication.factor", "3");
		overrides.put("transaction.state.log.replication.factor", "3");
		overrides.put("transaction.state.log.min.isr", "2");
		overrides.put("controlled.shutdown.enable", "true");
		return overrides;
	}

}
