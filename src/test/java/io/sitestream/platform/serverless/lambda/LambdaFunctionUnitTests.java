package io.sitestream.platform.serverless.lambda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.sitestream.platform.FunctionCalls;
import io.sitestream.platform.FunctionFailedException;
import io.sitestream.platform.ModuleSelection;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.RecordFormat;
import io.sitestream.platform.RefusedStartException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LambdaFunctionUnitTests {

	private static final String EVENT = """
			{"eventSource":"aws:kafka","records":{
			"a-0":[{"topic":"a","partition":0,"offset":4},{"topic":"a","partition":0,"offset":5}],
			"a-1":[{"topic":"a","partition":1,"offset":17},{"topic":"a","partition":1,"offset":16}],
			"a-2":[{"topic":"a","partition":2,"offset":0}]}}""";

	private final Calls calls = new Calls();

	@Test
	void everyPartitionIsACallOfItsOwn() {
		assertThat(answer(true, EVENT)).isEqualTo("{\"batchItemFailures\":[]}");

		assertThat(this.calls.made).containsExactly("count a-0@4 a-0@5", "count a-1@16 a-1@17", "count a-2@0");
	}

	@Test
	void aPartitionThatFailsIsNamedWithItsFirstOffsetAndHoldsUpNoOther() {
		this.calls.failing.add(1);

		assertThat(answer(true, EVENT))
			.isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":{\"partition\":\"a-1\",\"offset\":16}}]}");
		assertThat(this.calls.made).hasSize(3);
	}

	@Test
	void theCallFailsWhereTheAnswerWouldNotBeHeard() {
		this.calls.failing.addAll(Set.of(0, 2));

		assertThatExceptionOfType(EventFailedException.class).isThrownBy(() -> answer(false, EVENT))
			.withMessage("count failed on a-0, a-2, and wants the whole event again.")
			.withCauseInstanceOf(FunctionFailedException.class);
		assertThat(this.calls.made).hasSize(3);
	}

	@Test
	void recordsOfAnotherTopicLetTheCallFailInsteadOfBeingReported() {
		assertThatIllegalArgumentException().isThrownBy(() -> answer(true,
				"{\"eventSource\":\"aws:kafka\",\"records\":{\"b-0\":[{\"topic\":\"b\",\"partition\":0,\"offset\":4}]}}"))
			.withMessage("count takes those of a");
	}

	@Test
	void aProcessIsForOneFunction() {
		assertThatExceptionOfType(RefusedStartException.class)
			.isThrownBy(() -> configured(Map.of("addUp", "counting", "count", "counting")))
			.withMessageStartingWith(
					"sitestream.serving is 'lambda', which is for one function, and this process has [")
			.withMessageEndingWith("]. Name its module in sitestream.modules, or it in sitestream.functions.");
		assertThatExceptionOfType(RefusedStartException.class).isThrownBy(() -> configured(Map.of()))
			.withMessageContaining("this process has []");

		configured(Map.of("count", "counting")).call(EVENT.getBytes(StandardCharsets.UTF_8));

		assertThat(this.calls.made).hasSize(3);
	}

	private LambdaFunction configured(Map<String, String> functions) {
		return new LambdaConfiguration().lambdaFunction(
				new ModuleSelection(Set.of("counting"), Set.of(), functions, Set.of(), Set.of()), this.calls,
				new RecordFormat(), new LambdaProperties(false));
	}

	private String answer(boolean reporting, String event) {
		LambdaFunction function = new LambdaFunction("count", this.calls, new RecordFormat(), reporting);
		return new String(function.call(event.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
	}

	private static final class Calls implements FunctionCalls {

		private final List<String> made = new ArrayList<>();

		private final Set<Integer> failing = new HashSet<>();

		@Override
		public Map<String, Set<String>> callable() {
			return Map.of("count", Set.of("a"));
		}

		@Override
		public Map<String, String> refused() {
			return Map.of();
		}

		@Override
		public void call(String function, List<RawRecord> records) {
			if (!records.getFirst().position().topic().equals("a")) {
				throw new IllegalArgumentException("count takes those of a");
			}
			this.made.add(function + " "
					+ String.join(" ", records.stream().map((record) -> record.position().toString()).toList()));
			if (this.failing.contains(records.getFirst().position().partition())) {
				throw new FunctionFailedException(function, new IllegalStateException("away"));
			}
		}

	}

}
