package io.sitestream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.sitestream.bookings.BookingTopics;
import io.sitestream.business.CountryTopics;
import io.sitestream.contactjobs.ContactImportTopics;
import io.sitestream.contactjobs.tracking.TrackedImport;
import io.sitestream.notification.NotificationTopics;
import io.sitestream.platform.RawJson;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.Topic;
import io.sitestream.site.SiteTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records in the form in which releases have written them: they are read for ever. A file
 * is not changed when a record type learns something; what it looks like then becomes
 * another file, and what it looked like before has a name that ends with "older".
 */
class RecordedSamplesUnitTests {

	private static final Path SAMPLES = Path.of("src/test/resources/io/sitestream/records");

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final Map<String, Topic<?>> TOPICS = topics();

	private final RecordFormat format = new RecordFormat();

	static List<Path> samples() {
		try (Stream<Path> files = Files.walk(SAMPLES)) {
			return files.filter((file) -> file.toString().endsWith(".json")).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@MethodSource("samples")
	void areReadAsTheirKeySaysAndLoseNothing(Path file) throws IOException {
		assertIsRead(TOPICS.get(file.getParent().getFileName().toString()), file);
	}

	private <T> void assertIsRead(Topic<T> topic, Path file) throws IOException {
		Sample sample = this.format.read(Files.readAllBytes(file), Sample.class);

		T value = this.format.read(sample.value().bytes(), topic.type());

		assertThat(topic.disagreement(sample.key(), value)).isEmpty();
		JsonNode before = MAPPER.readTree(sample.value().bytes());
		JsonNode after = MAPPER.readTree(this.format.write(value));
		assertThat(lost(before, after)).as("members of %s that are not written again", file).isEmpty();
	}

	@Test
	void areThereForEveryTopicAndEveryAlternative() {
		Set<String> sampled = samples().stream()
			.map((file) -> file.getParent().getFileName().toString())
			.collect(Collectors.toSet());

		assertThat(sampled).isEqualTo(TOPICS.keySet());
		TOPICS.forEach((name, topic) -> assertThat(alternatives(topic.type()))
			.allSatisfy((type) -> assertThat(SAMPLES.resolve(name).resolve(type.getSimpleName() + ".json")).exists()));
	}

	private static Stream<Class<?>> alternatives(Class<?> type) {
		return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()) : Stream.empty();
	}

	private static List<String> lost(JsonNode before, JsonNode after) {
		if (before.isObject()) {
			return before.properties()
				.stream()
				.flatMap((member) -> lost(member.getValue(), after.path(member.getKey())).stream()
					.map((rest) -> "/" + member.getKey() + rest))
				.toList();
		}
		return before.equals(after) ? List.of() : List.of(" is " + after);
	}

	private static Map<String, Topic<?>> topics() {
		Map<String, Topic<?>> topics = new LinkedHashMap<>();
		Stream
			.of(SiteTopics.class, ContactImportTopics.class, TrackedImport.class, NotificationTopics.class,
					CountryTopics.class, BookingTopics.class)
			.flatMap((owner) -> Arrays.stream(owner.getDeclaredFields()))
			.filter((field) -> Modifier.isStatic(field.getModifiers()) && field.getType() == Topic.class)
			.forEach((field) -> {
				Topic<?> topic = topic(field);
				topics.put(topic.name(), topic);
			});
		return topics;
	}

	private static Topic<?> topic(Field field) {
		try {
			field.setAccessible(true);
			return (Topic<?>) field.get(null);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Sample(String key, RawJson value) {

	}

}
