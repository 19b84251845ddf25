package io.sitestream.contactjobs.tracking;

import java.util.BitSet;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A set of batch numbers, written as ranges ({@code 1-512,514}): short, since batches are
 * stored nearly in order. Immutable.
 */
final class BatchNumbers {

	private static final Pattern RANGE = Pattern.compile("\\d{1,9}(-\\d{1,9})?");

	static final BatchNumbers NONE = new BatchNumbers(new BitSet());

	private final BitSet numbers;

	private BatchNumbers(BitSet numbers) {
		this.numbers = numbers;
	}

	/**
	 * Reads the written form.
	 * @param ranges numbers from 1 and ranges of them, separated by commas; may be empty
	 * @return the set
	 * @throws IllegalArgumentException if the text has another form
	 */
	@JsonCreator
	static BatchNumbers parse(String ranges) {
		BitSet numbers = new BitSet();
		for (String range : ranges.isEmpty() ? new String[0] : ranges.split(",", -1)) {
			// each range by itself: one pattern over all of them would need a stack as
			// deep as there are ranges
			if (!RANGE.matcher(range).matches()) {
				throw new IllegalArgumentException(
						"'%s' are no batch numbers: expected the form 1-512,514.".formatted(ranges));
			}
			String[] ends = range.split("-");
			numbers.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
		}
		return new BatchNumbers(numbers);
	}

	boolean contains(int batch) {
		return this.numbers.get(batch);
	}

	int size() {
		return this.numbers.cardinality();
	}

	BatchNumbers with(int batch) {
		BitSet more = (BitSet) this.numbers.clone();
		more.set(batch);
		return new BatchNumbers(more);
	}

	/**
	 * The numbers that another set has not.
	 * @param other the other set
	 * @return the numbers, in order
	 */
	List<Integer> without(BatchNumbers other) {
		return this.numbers.stream().filter((batch) -> !other.contains(batch)).boxed().toList();
	}

	@JsonValue
	@Override
	public String toString() {
		StringJoiner ranges = new StringJoiner(",");
		for (int first = this.numbers.nextSetBit(0); first >= 0;) {
			int end = this.numbers.nextClearBit(first);
			ranges.add((end - 1 == first) ? Integer.toString(first) : first + "-" + (end - 1));
			first = this.numbers.nextSetBit(end);
		}
		return ranges.toString();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof BatchNumbers that && this.numbers.equals(that.numbers);
	}

	@Override
	public int hashCode() {
		return this.numbers.hashCode();
	}

}
