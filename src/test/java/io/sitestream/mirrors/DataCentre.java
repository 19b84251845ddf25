package io.sitestream.mirrors;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.sitestream.TestServers;
import io.sitestream.TopicProbe;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.servers.LocalKafka;
import io.sitestream.servers.LocalPostgres;
import io.sitestream.servers.LocalRedis;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A place with a broker, a Redis and a database of its own. Topics have no prefix here:
 * the mirror's configuration names them as they are.
 */
final class DataCentre implements AutoCloseable {

	private final LocalKafka kafka = TestServers.separateKafka();

	private final LocalRedis redis = TestServers.separateRedis();

	private final Map<String, String> properties = new HashMap<>();

	DataCentre(String name) {
		String database = name + UUID.randomUUID().toString().replace("-", "");
		TestServers.postgres().createDatabase(database);
		this.properties.put("spring.kafka.bootstrap-servers", this.kafka.address());
		this.properties.put("spring.data.redis.host", "127.0.0.1");
		this.properties.put("spring.data.redis.port", Integer.toString(this.redis.port()));
		this.properties.put("spring.datasource.url", TestServers.postgres().url(database));
		this.properties.put("spring.datasource.username", LocalPostgres.USER);
		this.properties.put("sitestream.security.mode", "open");
		this.properties.put("sitestream.instance-id", name);
	}

	ReferenceInstance start(String modules, Map<String, String> more) {
		Map<String, String> all = new HashMap<>(this.properties);
		all.putAll(more);
		return ReferenceInstance.start(all, modules);
	}

	TopicProbe probe() {
		return new TopicProbe(brokers(), "");
	}

	void createTopic(String name, int partitions) {
		try (Admin admin = admin()) {
			admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get(30, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException("Cannot create topic " + name, ex);
		}
	}

	String cleanupPolicy(String topic) {
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
		try (Admin admin = admin()) {
			return admin.describeConfigs(List.of(resource))
				.all()
				.get(30, TimeUnit.SECONDS)
				.get(resource)
				.get(TopicConfig.CLEANUP_POLICY_CONFIG)
				.value();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Cannot describe topic " + topic, ex);
		}
	}

	private Admin admin() {
		return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers()));
	}

	String brokers() {
		return this.kafka.address();
	}

	LocalRedis redis() {
		return this.redis;
	}

	@Override
	public void close() {
		this.kafka.close();
		this.redis.close();
	}

}
