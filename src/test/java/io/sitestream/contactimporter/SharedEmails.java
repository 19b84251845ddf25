package io.sitestream.contactimporter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows of a file, and contacts that were there before, that hang together by e-mails.
 *
 * @param before the e-mails of contacts that were there, the oldest first
 * @param rows the e-mails of each row
 */
record SharedEmails(List<Set<String>> before, List<Set<String>> rows) {

	/**
	 * Puts together what shares e-mails, directly or over others.
	 * @param before the e-mails of contacts that were there, the oldest first
	 * @param rows the e-mails of each row
	 * @return groups without an e-mail in common
	 */
	static List<SharedEmails> groups(List<Set<String>> before, List<Set<String>> rows) {
		List<Set<String>> groups = new ArrayList<>();
		List<Set<String>> all = new ArrayList<>(before);
		all.addAll(rows);
		for (Set<String> emails : all) {
			Set<String> joined = new HashSet<>(emails);
			groups.removeIf((group) -> !Collections.disjoint(group, emails) && joined.addAll(group) | true);
			groups.add(joined);
		}
		return groups.stream().map((group) -> new SharedEmails(of(group, before), of(group, rows))).toList();
	}

	private static List<Set<String>> of(Set<String> group, List<Set<String>> all) {
		return all.stream().filter((emails) -> !Collections.disjoint(group, emails)).toList();
	}

	Set<String> emails() {
		Set<String> emails = new HashSet<>();
		this.before.forEach(emails::addAll);
		this.rows.forEach(emails::addAll);
		return emails;
	}

	/**
	 * Whether the order of rows plays no role: all mean the oldest contact that was there
	 * by an e-mail that it had then, or there was none and any two of them share an
	 * e-mail.
	 */
	boolean isUnambiguous() {
		if (!this.before.isEmpty()) {
			return this.rows.stream().noneMatch((row) -> Collections.disjoint(row, this.before.getFirst()));
		}
		return this.rows.stream()
			.allMatch((one) -> this.rows.stream().noneMatch((other) -> Collections.disjoint(one, other)));
	}

	/**
	 * How many rows at most share no e-mail with each other nor with what was there.
	 */
	int strangers() {
		return strangers(List.copyOf(new HashSet<>(this.rows)), new ArrayList<>(this.before));
	}

	private static int strangers(List<Set<String>> rows, List<Set<String>> taken) {
		if (rows.isEmpty()) {
			return 0;
		}
		Set<String> row = rows.getFirst();
		List<Set<String>> others = rows.subList(1, rows.size());
		int without = strangers(others, taken);
		if (taken.stream().anyMatch((other) -> !Collections.disjoint(row, other))) {
			return without;
		}
		List<Set<String>> more = new ArrayList<>(taken);
		more.add(row);
		return Math.max(without, 1 + strangers(others, more));
	}

}
