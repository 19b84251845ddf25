package io.sitestream.projection.reading;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class NearCacheUnitTests {

	private final NearCache cache = new NearCache(1_000_000);

	@Test
	void keepsAnAnswer() {
		Question question = Question.value(bytes("a"));

		this.cache.keep(question, List.of(bytes("1")), this.cache.stamp(question));

		assertThat(this.cache.find(Question.value(bytes("a")))).containsExactly(bytes("1"));
		assertThat(this.cache.find(Question.value(bytes("b")))).isNull();
	}

	@Test
	void keepsThatThereIsNothing() {
		Question question = Question.value(bytes("a"));

		this.cache.keep(question, List.of(), this.cache.stamp(question));

		assertThat(this.cache.find(question)).isNotNull().isEmpty();
	}

	@Test
	void keepsNoAnswerThatWasOvertakenByAChange() {
		Question question = Question.value(bytes("a"));
		long stamp = this.cache.stamp(question);

		this.cache.forget(ByteBuffer.wrap(bytes("a")).asReadOnlyBuffer());
		this.cache.keep(question, List.of(bytes("old")), stamp);

		assertThat(this.cache.find(question)).isNull();
	}

	@Test
	void keepsPagesOfOneKeySideBySideAndForgetsThemTogether() {
		for (String after : List.of("", "m", "t")) {
			Question page = Question.members(bytes("tag"), after, 10);
			this.cache.keep(page, List.of(bytes("3"), bytes(after + "x")), this.cache.stamp(page));
		}

		assertThat(this.cache.find(Question.members(bytes("tag"), "m", 10))).containsExactly(bytes("3"), bytes("mx"));
		assertThat(this.cache.find(Question.members(bytes("tag"), "m", 11))).isNull();
		this.cache.forget(ByteBuffer.wrap(bytes("tag")));
		assertThat(this.cache.find(Question.members(bytes("tag"), "m", 10))).isNull();
		assertThat(this.cache.bytes()).isZero();
	}

	@Test
	void staysWithinItsBoundWhateverItIsAsked() {
		NearCache small = new NearCache(100_000);
		Random random = new Random(1);
		for (int i = 0; i < 20_000; i++) {
			Question question = random.nextBoolean() ? Question.value(bytes("k" + random.nextInt(5_000)))
					: Question.members(bytes("tag" + random.nextInt(3)), "a" + random.nextInt(1_000), 100);
			small.keep(question, List.of(new byte[random.nextInt(2_000)]), small.stamp(question));

			assertThat(small.bytes()).isBetween(0L, 100_000L);
		}
		Question tooLarge = Question.value(bytes("large"));
		small.keep(tooLarge, List.of(new byte[200_000]), small.stamp(tooLarge));
		assertThat(small.bytes()).isLessThanOrEqualTo(100_000);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(UTF_8);
	}

}
