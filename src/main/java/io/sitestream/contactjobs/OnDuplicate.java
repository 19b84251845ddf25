package io.sitestream.contactjobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import java.util.Arrays;
import java.util.Locale;

/**
 * What an import does with a contact that was there before it. Among the rows of one file
 * that mean the same contact, the later row's values always win.
 */
public enum OnDuplicate {

	/**
	 * Non-empty cells replace, empty ones leave; e-mails, phones and labels are united.
	 */
	UPDATE,

	/** Only empty fields are set; an empty list is an empty field. */
	FILL,

	/** Nothing is changed. */
	SKIP;

	/**
	 * Reads the word that the contract uses.
	 * @param word {@code update}, {@code fill} or {@code skip}
	 * @return the choice
	 * @throws IllegalArgumentException for any other word
	 */
	@JsonCreator
	public static OnDuplicate of(String word) {
		return Arrays.stream(values())
			.filter((choice) -> choice.word().equals(word))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"onDuplicate '%s' is unknown: update, fill and skip are allowed.".formatted(word)));
	}

	@JsonValue
	public String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
