package io.sitestream.projection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.sitestream.platform.ConsistencyToken;
import io.sitestream.projection.reading.Question;
import io.sitestream.projection.reading.ReadSource;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One request's look into a projection, all of it into the same generation. Every round
 * trip also asks which generation serves, and whether the views that tokens name are
 * there: so a look into a generation that does not serve any more, or into a store that
 * has lost what a token names, is noticed without another round trip. Belongs to one
 * thread.
 */
public final class Reading {

	private final ReadSource source;

	private final byte[] pointer;

	private final ProjectionKeys keys;

	private final List<ConsistencyToken> tokens;

	private Optional<byte[]> served = Optional.empty();

	private final List<byte[]> indexes = new ArrayList<>();

	private List<ConsistencyToken> missing = List.of();

	Reading(ReadSource source, ProjectionKeys keys, List<ConsistencyToken> tokens) {
		this.source = source;
		this.pointer = ProjectionKeys.pointer(keys.space(), keys.projection());
		this.keys = keys;
		this.tokens = tokens;
	}

	/**
	 * The view of a key.
	 * @param key the key
	 * @return the view, or nothing if there is none or it was removed
	 */
	public Optional<StoredView> find(String key) {
		return Optional.ofNullable(findAll(List.of(key)).get(key));
	}

	/**
	 * The views of several keys.
	 * @param keys the keys
	 * @return those that exist, in the same order
	 */
	public Map<String, StoredView> findAll(List<String> keys) {
		List<List<byte[]>> answers = ask(keys.stream().map(this::view).toList());
		Map<String, StoredView> found = new LinkedHashMap<>();
		for (int i = 0; i < keys.size(); i++) {
			String key = keys.get(i);
			stored(answers.get(i)).filter((view) -> !view.isMarker()).ifPresent((view) -> found.put(key, view));
		}
		return found;
	}

	/**
	 * The keys whose views have an index key, in ascending order.
	 * @param indexKey the index key
	 * @param after where to begin, exclusive; an empty text for the beginning
	 * @param limit how many at most
	 * @return a page of them
	 */
	public IndexPage page(String indexKey, String after, int limit) {
		byte[] members = this.keys.members(indexKey);
		this.indexes.add(members);
		List<String> answer = ask(List.of(Question.members(members, after, limit + 1L))).getFirst()
			.stream()
			.map((value) -> new String(value, UTF_8))
			.toList();
		boolean more = answer.size() > limit + 1;
		List<String> page = answer.subList(1, more ? limit + 1 : answer.size());
		return new IndexPage(Long.parseLong(answer.getFirst()), page,
				more ? Optional.of(page.getLast()) : Optional.empty());
	}

	/**
	 * Asks for what every round trip asks for, and one thing more.
	 * @param question what else
	 * @return the answer to that
	 */
	List<byte[]> look(Question question) {
		return ask(List.of(question)).getFirst();
	}

	/**
	 * The keys in Redis of the indexes that were read.
	 */
	List<byte[]> indexes() {
		return this.indexes;
	}

	/**
	 * What the pointer says now.
	 * @return the pointer's value, or nothing when there is none
	 */
	Optional<byte[]> served() {
		return this.served;
	}

	/**
	 * What tokens name and was not there.
	 * @return some of the tokens
	 */
	List<ConsistencyToken> missing() {
		return this.missing;
	}

	/**
	 * Tokens come first and the pointer last. Where answers are in order, the rest is not
	 * older than what the tokens name, and comes from a generation that still served
	 * afterwards.
	 */
	private List<List<byte[]>> ask(List<Question> questions) {
		List<Question> all = new ArrayList<>();
		this.tokens.forEach((token) -> all.add(view(token.key())));
		all.addAll(questions);
		all.add(Question.value(this.pointer));
		List<List<byte[]>> answers = this.source.ask(all);
		this.served = answers.getLast().stream().findFirst();
		List<ConsistencyToken> absent = new ArrayList<>(this.missing);
		for (int i = 0; i < this.tokens.size(); i++) {
			ConsistencyToken token = this.tokens.get(i);
			if (stored(answers.get(i)).filter((view) -> view.version() >= token.version()).isEmpty()) {
				absent.add(token);
			}
		}
		this.missing = absent;
		return answers.subList(this.tokens.size(), answers.size() - 1);
	}

	private Question view(String key) {
		return Question.value(this.keys.view(key));
	}

	private static Optional<StoredView> stored(List<byte[]> answer) {
		return answer.stream().findFirst().map(StoredView::decode);
	}

	/**
	 * Keys of one index key.
	 *
	 * @param count how many there are in all
	 * @param keys the keys of this page
	 * @param next where the next page begins after, or nothing if this is the last
	 */
	public record IndexPage(long count, List<String> keys, Optional<String> next) {

	}

}
