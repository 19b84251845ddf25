package io.sitestream.projection;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Edge;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RedisKeySpace;
import io.sitestream.platform.RedisRewinds;
import io.sitestream.platform.TimeOrderedIds;
import io.sitestream.projection.reading.ReadSources;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/**
 * Makes the two sides of projections.
 */
@Component
public class Projections implements DisposableBean {

	private final RedisAccess redis;

	private final Generations generations;

	private final RedisKeySpace space;

	private final RedisRewinds rewinds;

	private final Clock clock;

	private final ReadSources sources;

	private final WriterGroups groups;

	private final TimeOrderedIds ids;

	private final List<ProjectionReader> readers = new CopyOnWriteArrayList<>();

	Projections(RedisAccess redis, Generations generations, RedisKeySpace space, ReadSources sources,
			WriterGroups groups, RedisRewinds rewinds, TimeOrderedIds ids, Clock clock) {
		this.rewinds = rewinds;
		this.sources = sources;
		this.groups = groups;
		this.ids = ids;
		this.redis = redis;
		this.generations = generations;
		this.space = space;
		this.clock = clock;
	}

	/**
	 * The function that writes a projection. Delivered at least once; an older or
	 * repeated record changes nothing.
	 * @param edge the edge
	 * @param projection what to project
	 * @param <T> the type of the records
	 * @return the function
	 */
	public <T> Consumer<Message<List<RawRecord>>> writing(Edge edge, Projection<T> projection) {
		Founding founding = new Founding(projection, this.generations, () -> this.groups.hasRun(projection),
				this.ids::next, this.clock);
		ProjectionWriter<T> writer = new ProjectionWriter<>(projection, this.redis, this.generations, founding,
				this.clock);
		Consumer<List<Consumed<T>>> logic = writer::on;
		Consumer<Message<List<RawRecord>>> function = edge.<T>from(projection.topic())
			.partitions(new ProjectionProgress(this.space, projection.name(), this.redis, this.clock))
			.rewinding(this.rewinds.of(projection.name()))
			.batch(logic);
		this.groups.add(projection, founding, function);
		return function;
	}

	/**
	 * A reader of a projection.
	 * @param projection its name
	 * @param partitions how many partitions its topic has
	 * @return the reader
	 */
	public ProjectionReader reader(String projection, int partitions) {
		ProjectionReader reader = new ProjectionReader(projection, partitions, this.sources, this.space, this.clock);
		this.readers.add(reader);
		return reader;
	}

	@Override
	public void destroy() {
		this.readers.forEach(ProjectionReader::close);
	}

}
