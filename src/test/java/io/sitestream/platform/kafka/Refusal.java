package io.sitestream.platform.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a broker can refuse of a transaction of {@code copyWords}.
 */
enum Refusal {

	/** Records that are larger than the topic takes. */
	SIZE(ResourceType.TOPIC, "copies", AclOperation.UNKNOWN),

	/** Every record, for want of a right. */
	RECORD(ResourceType.TOPIC, "copies", AclOperation.WRITE),

	/** The offsets, and membership in the group. */
	OFFSETS(ResourceType.GROUP, "copy-words", AclOperation.READ),

	/** The transaction itself. */
	TRANSACTION(ResourceType.TRANSACTIONAL_ID, "sitestream-", AclOperation.WRITE);

	/** More than a word has by itself, less than a large one. */
	static final int LARGEST = 2_000;

	private final ResourceType type;

	private final String name;

	private final AclOperation right;

	Refusal(ResourceType type, String name, AclOperation right) {
		this.type = type;
		this.name = name;
		this.right = right;
	}

	void begin(Admin admin, String prefix) {
		done((this == SIZE) ? largest(admin, prefix, OpType.SET) : admin.createAcls(rules(prefix)).all());
	}

	void end(Admin admin, String prefix) {
		done((this == SIZE) ? largest(admin, prefix, OpType.DELETE)
				: admin.deleteAcls(rules(prefix).stream().map(AclBinding::toFilter).toList()).all());
	}

	private KafkaFuture<?> largest(Admin admin, String prefix, OpType what) {
		ConfigEntry entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST));
		return admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, prefix + this.name),
				List.of(new AlterConfigOp(entry, what))))
			.all();
	}

	/**
	 * Takes one right and leaves the others, since where there is a rule only what is
	 * allowed is allowed.
	 */
	private List<AclBinding> rules(String prefix) {
		ResourcePattern pattern = (this.type == ResourceType.TRANSACTIONAL_ID)
				? new ResourcePattern(this.type, this.name, PatternType.PREFIXED)
				: new ResourcePattern(this.type, prefix + this.name, PatternType.LITERAL);
		return List.of(rule(pattern, AclOperation.ALL, AclPermissionType.ALLOW),
				rule(pattern, this.right, AclPermissionType.DENY));
	}

	private static AclBinding rule(ResourcePattern pattern, AclOperation operation, AclPermissionType permission) {
		return new AclBinding(pattern, new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
	}

	private static void done(KafkaFuture<?> change) {
		try {
			change.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The broker does not let itself be told what to refuse", ex);
		}
	}

}
