package io.sitestream.bench;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.kcache.KafkaCache;
import io.sitestream.kvstore.KeyValueStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * What a look at one key costs: the store, a plain map of the same values, and KCache.
 * All of them lie in the same JVM, loaded from the same topic; keys are asked in random
 * order, by texts that are equal to theirs but not the same.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {

	private static final int QUESTIONS = 1 << 16;

	@Param({ "250", "1000000" })
	int places;

	private final String[] questions = new String[QUESTIONS];

	private int asked;

	private Map<String, Place> map;

	private KafkaCache<String, Place> cache;

	private KeyValueStore<Place> store;

	private ConfigurableApplicationContext context;

	public static void main(String[] args) throws RunnerException {
		new Runner(new OptionsBuilder().include(ReadBenchmark.class.getSimpleName()).build()).run();
		System.exit(0);
	}

	@Setup(Level.Trial)
	@SuppressWarnings("unchecked")
	public void load() {
		PlaceTopic topic = new PlaceTopic(this.places, 1);
		this.context = topic.store(Map.of());
		this.context.getBean(TimedReplay.class).loading();
		this.store = this.context.getBean("places", KeyValueStore.class);
		this.map = new ConcurrentHashMap<>(this.store.all());
		this.cache = topic.kcache();
		Random random = new Random(1);
		for (int i = 0; i < QUESTIONS; i++) {
			this.questions[i] = Place.key(random.nextInt(this.places));
		}
	}

	@TearDown(Level.Trial)
	public void end() throws IOException {
		this.cache.close();
		this.context.close();
	}

	@Benchmark
	public Place concurrentHashMapGet() {
		return this.map.get(question());
	}

	@Benchmark
	public Place storeGet() {
		return this.store.get(question());
	}

	@Benchmark
	public Optional<Place> storeFind() {
		return this.store.find(question());
	}

	@Benchmark
	public Place kcacheGet() {
		return this.cache.get(question());
	}

	private String question() {
		return this.questions[this.asked++ & (QUESTIONS - 1)];
	}

}
