package io.sitestream.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TopicNames;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The projections that this process writes, and the groups of the functions that write
 * them; none in a process that only reads.
 */
@Component
class WriterGroups {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Map<String, WrittenProjection<?>> projections = new ConcurrentHashMap<>();

	private final ListableBeanFactory beans;

	private final TopicNames names;

	private final ObjectProvider<TopicEnds> ends;

	WriterGroups(ListableBeanFactory beans, TopicNames names, ObjectProvider<TopicEnds> ends) {
		this.beans = beans;
		this.names = names;
		this.ends = ends;
	}

	<T> void add(Projection<T> projection, Founding founding, Object function) {
		WrittenProjection<?> other = this.projections.putIfAbsent(projection.name(),
				new WrittenProjection<>(projection, founding, function));
		if (other != null) {
			throw new IllegalStateException(
					"Two functions write projection '%s': expected is one.".formatted(projection.name()));
		}
	}

	List<WrittenProjection<?>> all() {
		return List.copyOf(this.projections.values());
	}

	/**
	 * The group of the function that writes a projection.
	 * @param projection the projection
	 * @return the full name of the group
	 */
	String group(Projection<?> projection) {
		WrittenProjection<?> written = this.projections.get(projection.name());
		return this.beans.getBeansOfType(Consumer.class, false, false)
			.entrySet()
			.stream()
			.filter((bean) -> written != null && bean.getValue() == written.function())
			.map((bean) -> this.names.group(bean.getKey()))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"The function that writes projection '%s' is no bean.".formatted(projection.name())));
	}

	/**
	 * The group that fills a generation.
	 * @param projection the projection
	 * @param generation the generation
	 * @return the full name of the group
	 */
	String fillGroup(Projection<?> projection, Generation generation) {
		return "%s-rebuild-%d-%s".formatted(group(projection), generation.number(), generation.id());
	}

	boolean hasRun(Projection<?> projection) {
		return !this.ends.getObject().committedOffsets(group(projection), projection.topic(), PATIENCE).isEmpty();
	}

}
