package io.sitestream.projection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import io.sitestream.platform.ProblemException;
import io.sitestream.platform.TopicEnds;
import io.sitestream.platform.TimeOrderedIds;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/projections}: the generations of the projections that this process
 * writes. An action changes the catalogue; all instances work on what follows from it.
 * Where Kafka does not answer, what only Kafka knows is left out: an action that was
 * taken is never answered as if it had failed.
 */
@Component
@Endpoint(id = "projections")
class ProjectionsEndpoint {

	private static final Logger log = LoggerFactory.getLogger(ProjectionsEndpoint.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final WriterGroups groups;

	private final Generations generations;

	private final RedisAccess redis;

	private final ObjectProvider<TopicEnds> ends;

	private final TimeOrderedIds ids;

	private final Clock clock;

	ProjectionsEndpoint(WriterGroups groups, Generations generations, RedisAccess redis, ObjectProvider<TopicEnds> ends,
			TimeOrderedIds ids, Clock clock) {
		this.groups = groups;
		this.generations = generations;
		this.redis = redis;
		this.ends = ends;
		this.ids = ids;
		this.clock = clock;
	}

	@ReadOperation
	Map<String, ProjectionDescription> projections() {
		Map<String, ProjectionDescription> descriptions = new TreeMap<>();
		this.groups.all().forEach((written) -> descriptions.put(written.name(), describe(written.projection())));
		return descriptions;
	}

	@WriteOperation
	WebEndpointResponse<ProjectionDescription> act(String projection, String action) {
		Projection<?> written = this.groups.all()
			.stream()
			.filter((candidate) -> candidate.name().equals(projection))
			.findFirst()
			.<Projection<?>>map(WrittenProjection::projection)
			.orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "unknown-projection",
					"projection '%s' is not written by this process. Written are: %s.".formatted(projection,
							this.groups.all().stream().map(WrittenProjection::name).sorted().toList())));
		Instant now = this.clock.instant();
		UnaryOperator<Catalogue> change = switch (action) {
			case "rebuild" -> (catalogue) -> catalogue.rebuild(this.ids.next(), written.format(), now);
			case "accept" -> (catalogue) -> catalogue.accept(now);
			case "cancel" -> (catalogue) -> catalogue.cancel(now);
			case "rollback" -> (catalogue) -> catalogue.rollback(now);
			case "compare" -> (catalogue) -> catalogue.compare(now);
			default -> throw new ProblemException(HttpStatus.BAD_REQUEST, "unknown-action",
					"action '%s' is unknown. Allowed are: rebuild, accept, cancel, rollback, compare."
						.formatted(action));
		};
		try {
			this.generations.change(projection, change);
		}
		catch (CatalogueLostException ex) {
			throw new ProblemException(HttpStatus.CONFLICT, "nothing-to-" + action,
					"Redis has no generation of '%s' yet: look again in a moment.".formatted(projection), ex);
		}
		return new WebEndpointResponse<>(describe(written), HttpStatus.ACCEPTED.value());
	}

	private ProjectionDescription describe(Projection<?> projection) {
		Optional<Map<Integer, Long>> ends = ends(projection);
		Map<Integer, Long> counts = this.generations.counts(projection.name());
		List<GenerationDescription> list = new ArrayList<>();
		Integer serving = null;
		for (Generation generation : this.generations.catalogue(projection.name())
			.map(Catalogue::generations)
			.orElse(List.of())) {
			if (generation.state() == GenerationState.SERVING) {
				serving = generation.number();
			}
			if (!generation.dropped()) {
				list.add(new GenerationDescription(generation.number(), generation.format(), generation.state(),
						generation.since(), counts.getOrDefault(generation.number(), 0L),
						ends.isPresent() ? left(projection, generation) : null, generation.differing(),
						generation.differences()));
			}
		}
		return new ProjectionDescription(serving, list, partitions(projection, ends));
	}

	private Optional<Map<Integer, Long>> ends(Projection<?> projection) {
		try {
			return Optional.of(this.ends.getObject().endOffsets(projection.topic(), PATIENCE));
		}
		catch (ProblemException ex) {
			log.debug("{} is described without Kafka", projection.name(), ex);
			return Optional.empty();
		}
	}

	private @Nullable Long left(Projection<?> projection, Generation generation) {
		if (!generation.filling()) {
			return 0L;
		}
		try {
			return generation.left(this.ends.getObject()
				.committedOffsets(this.groups.fillGroup(projection, generation), projection.topic(), PATIENCE));
		}
		catch (ProblemException ex) {
			log.debug("{} is described without its fill", projection.name(), ex);
			return null;
		}
	}

	private List<PartitionDescription> partitions(Projection<?> projection, Optional<Map<Integer, Long>> ends) {
		Map<Integer, ProjectionProgress.Note> notes = ProjectionProgress
			.stored(ProjectionKeys.notes(this.generations.space(), projection.name()), this.redis);
		Map<Integer, Long> known = ends.orElse(Map.of());
		List<PartitionDescription> partitions = new ArrayList<>();
		for (int partition = 0; partition < projection.topic().partitions(); partition++) {
			ProjectionProgress.Note note = notes.get(partition);
			long applied = (note != null) ? note.applied() : 0;
			Long end = known.get(partition);
			partitions.add(new PartitionDescription(partition, applied,
					(end != null) ? Long.valueOf(Math.max(0, end - applied)) : null));
		}
		return partitions;
	}

	/**
	 * A projection as an operator sees it.
	 *
	 * @param serving the number of the generation that readers read, or {@code null}
	 * while there is none
	 * @param generations its generations, oldest first
	 * @param partitions how far the live writers are
	 */
	record ProjectionDescription(@Nullable Integer serving, List<GenerationDescription> generations,
			List<PartitionDescription> partitions) {

	}

	/**
	 * A generation as an operator sees it.
	 *
	 * @param generation its number
	 * @param format the format of its views
	 * @param state what it is there for
	 * @param since when it came into that state
	 * @param entries how many views it has, as its writers have counted: one that was
	 * killed may not have come to it
	 * @param left how many offsets its fill has yet to pass, or {@code null} if Kafka did
	 * not say
	 * @param differing how many places differed at its last comparison
	 * @param differences the first 100 of them
	 */
	record GenerationDescription(int generation, int format, GenerationState state, Instant since, long entries,
			@Nullable Long left, long differing, List<Difference> differences) {

	}

	/**
	 * How far the live writers are in a partition.
	 *
	 * @param partition the partition
	 * @param applied the offset up to which records are applied, noted about once a
	 * second
	 * @param lag how many offsets follow, or {@code null} if Kafka did not say
	 */
	record PartitionDescription(int partition, long applied, @Nullable Long lag) {

	}

}
