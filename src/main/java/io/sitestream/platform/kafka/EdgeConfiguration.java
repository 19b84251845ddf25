package io.sitestream.platform.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.sitestream.platform.Edge;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.ExclusiveEmitters;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Server;
import io.sitestream.platform.ServingProperties;
import io.sitestream.platform.TopicNames;
import io.sitestream.platform.TopicProperties;
import io.sitestream.platform.TopicScans;
import io.sitestream.platform.modules.ConditionalOnServer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The parts of the edge that talk to Kafka.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnServer(Server.KAFKA)
@EnableConfigurationProperties(EdgeProperties.class)
@Import(TransactionBeans.class)
class EdgeConfiguration {

	private static final ProducerListener<byte[], byte[]> SILENT = new ProducerListener<>() {
	};

	/**
	 * What requests send with. Every wait of it ends below the 5 s that a caller is
	 * promised.
	 */
	@Bean(defaultCandidate = false)
	DefaultKafkaProducerFactory<byte[], byte[]> requestProducerFactory(KafkaProperties kafka) {
		return producers(kafka, Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000,
				ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_500));
	}

	/**
	 * What functions without transactions send with.
	 */
	@Bean(defaultCandidate = false)
	DefaultKafkaProducerFactory<byte[], byte[]> functionProducerFactory(KafkaProperties kafka) {
		return producers(kafka,
				Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
						ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000, ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
						RecordWriter.LARGEST_LETTER));
	}

	@Bean
	FunctionTransactions functionTransactions(KafkaProperties kafka, EdgeProperties properties,
			ObjectProvider<BindingServiceProperties> bindings, Trail trail) {
		return new FunctionTransactions(config(kafka, transactional(properties)), properties.transactionalIdPrefix(),
				(function) -> bindings.getObject()
					.getConsumerProperties(function + FunctionBeans.INPUT)
					.getConcurrency(),
				trail);
	}

	@Bean
	BoundTransactions boundTransactions(FunctionBeans functions, FunctionTransactions transactions, BeanFactory beans,
			Environment environment, ServingProperties serving) {
		return new BoundTransactions(functions, transactions, beans, environment, serving.serving());
	}

	@Bean
	Trail trail(EdgeProperties properties, Clock clock) {
		return new Trail(properties.kafka().trail(), properties.instance(), clock);
	}

	@Bean
	ExclusiveEmitters exclusiveEmitters(KafkaProperties kafka, EdgeProperties properties, TopicNames names,
			RecordFormat format, RecordWriter writer) {
		return new KafkaExclusiveEmitters(config(kafka, transactional(properties)), kafka.buildConsumerProperties(),
				names, format, writer);
	}

	@Bean
	Emitter emitter(
			@Qualifier("requestProducerFactory") DefaultKafkaProducerFactory<byte[], byte[]> requestProducerFactory,
			RecordWriter writer, Traces traces) {
		return new KafkaEmitter(template(requestProducerFactory), writer, traces);
	}

	@Bean
	DeadLetterTopicCheck deadLetterTopicCheck(TopicPlan plan, TopicProperties properties, KafkaProperties kafka) {
		return new DeadLetterTopicCheck(plan, properties, kafka);
	}

	@Bean
	StallingConsumers stallingConsumers(FunctionBeans functions, FunctionSettings settings,
			ObjectProvider<FunctionContainers> containers) {
		return new StallingConsumers(functions, settings, containers::getObject);
	}

	@Bean
	Edge edge(TopicNames names, RecordFormat format, RecordWriter writer, DeadLetterTopicCheck deadLetterTopics,
			FunctionSettings settings, FunctionMetrics metrics, Traces traces,
			@Qualifier("functionProducerFactory") DefaultKafkaProducerFactory<byte[], byte[]> functionProducerFactory,
			FunctionTransactions transactions) {
		return new KafkaEdge(names, format, writer, RecordSender.acknowledged(template(functionProducerFactory)),
				transactions, new DeadLetterSender(writer, deadLetterTopics, metrics), settings, metrics, traces);
	}

	@Bean
	TopicScans topicScans(KafkaProperties kafka, TopicNames names, RecordFormat format) {
		return new KafkaTopicScans(kafka, names, format);
	}

	@Bean
	RawRecordConverter rawRecordConverter() {
		return new RawRecordConverter();
	}

	@Bean
	RebalanceDispatcher rebalanceDispatcher(FunctionBeans functions, Trail trail) {
		return new RebalanceDispatcher(functions, trail);
	}

	@Bean
	CooperativeGroups cooperativeGroups(FunctionBeans functions, FunctionSettings settings) {
		return new CooperativeGroups(functions, settings);
	}

	@Bean
	OwnGroups ownGroups(FunctionBeans functions, BindingServiceProperties bindings) {
		return new OwnGroups(functions, bindings);
	}

	@Bean(defaultCandidate = false)
	ThreadPoolTaskScheduler redeliveryScheduler() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setThreadNamePrefix("redelivery-");
		scheduler.setDaemon(true);
		// functions run on while the web server waits for its requests
		scheduler.setAcceptTasksAfterContextClose(true);
		return scheduler;
	}

	@Bean
	FunctionContainers functionContainers(FunctionBeans functions,
			@Qualifier("redeliveryScheduler") ThreadPoolTaskScheduler redeliveryScheduler,
			ApplicationEventPublisher events, OwnerTransaction ownerTransaction, FunctionTransactions transactions,
			Trail trail) {
		return new FunctionContainers(functions, new Redelivery(new RedeliveryPauses(redeliveryScheduler)), events,
				ownerTransaction, transactions, trail);
	}

	@Bean
	OwnerTransaction ownerTransaction(FunctionTransactions transactions) {
		return new OwnerTransaction(transactions);
	}

	@Bean
	LetterReplay letterReplay(FunctionContainers containers, OwnerTransaction ownerTransaction) {
		return new LetterReplay(containers, ownerTransaction);
	}

	@Bean
	CalledFunctions functionCalls(FunctionBeans functions, FunctionSettings settings, FunctionMetrics metrics,
			TopicNames names, ServingProperties serving) {
		return new CalledFunctions(functions, settings, metrics, names, serving.serving());
	}

	@Bean
	FunctionStates functionStates(FunctionBeans functions, FunctionSettings settings, FunctionContainers containers,
			CalledFunctions calls, ServingProperties serving) {
		return new FunctionStates(functions, settings, containers, calls, serving.serving());
	}

	@Bean
	KafkaFunctionLags kafkaFunctionLags(FunctionStates states, FunctionContainers containers, FunctionSettings settings,
			TopicNames names, KafkaProperties kafka) {
		return new KafkaFunctionLags(states, containers, settings, names, kafka.buildAdminProperties());
	}

	@Bean
	FunctionLags functionLags(FunctionStates states, KafkaFunctionLags kafka) {
		return new FunctionLags(() -> states.functions().keySet(), kafka);
	}

	@Bean
	FunctionGauges functionGauges(FunctionStates states, FunctionLags lags) {
		return new FunctionGauges(states, lags);
	}

	@Bean
	FunctionsHealth functionsHealthIndicator(FunctionStates states, CalledFunctions calls, FunctionLags lags) {
		return new FunctionsHealth(states, calls, lags);
	}

	@Bean
	TopicProvisioning topicProvisioning(TopicPlan plan, TopicProperties properties, KafkaProperties kafka,
			ApplicationEventPublisher events) {
		return new TopicProvisioning(plan, properties, kafka, events);
	}

	@Bean
	static PromptStart promptStart(ObjectProvider<TopicProvisioning> topics) {
		return new PromptStart(topics);
	}

	private static KafkaTemplate<byte[], byte[]> template(DefaultKafkaProducerFactory<byte[], byte[]> producers) {
		KafkaTemplate<byte[], byte[]> template = new KafkaTemplate<>(producers);
		template.setProducerListener(SILENT);
		return template;
	}

	private static Map<String, Object> transactional(EdgeProperties properties) {
		Duration timeout = properties.kafka().transactionTimeout();
		return Map.of(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) timeout.toMillis(),
				ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
				(int) timeout.dividedBy(4).toMillis(), ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
				(int) timeout.toMillis(), ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordWriter.LARGEST_LETTER);
	}

	private static DefaultKafkaProducerFactory<byte[], byte[]> producers(KafkaProperties kafka,
			Map<String, Object> settings) {
		return new DefaultKafkaProducerFactory<>(config(kafka, settings), new ByteArraySerializer(),
				new ByteArraySerializer());
	}

	private static Map<String, Object> config(KafkaProperties kafka, Map<String, Object> settings) {
		Map<String, Object> config = new HashMap<>(kafka.buildProducerProperties());
		config.putAll(settings);
		config.put(ProducerConfig.ACKS_CONFIG, "all");
		config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		return config;
	}

}
