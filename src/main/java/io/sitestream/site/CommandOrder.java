package io.sitestream.site;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Position;
import org.jspecify.annotations.Nullable;

/**
 * A command to be carried out.
 *
 * @param command the command
 * @param origin what carried it: a record's position, or a request
 * @param place where its record lies in the log, or {@code null} if it comes from a
 * request or from the dead letters
 * @param replayed whether it comes from the dead letters
 */
record CommandOrder(SiteCommand command, String origin, @Nullable Position place, boolean replayed) {

	static CommandOrder of(Consumed<SiteCommand> record) {
		return new CommandOrder(record.required(), record.position().toString(),
				record.isReplayed() ? null : record.position(), record.isReplayed());
	}

	static CommandOrder ofRequest(SiteCommand command) {
		return new CommandOrder(command, "http", null, false);
	}

	boolean isRepublish() {
		return this.command.change() instanceof SiteChange.Republish;
	}

	static Set<String> sites(List<CommandOrder> orders) {
		Set<String> ids = new LinkedHashSet<>();
		orders.forEach((order) -> ids.add(order.command().siteId()));
		return ids;
	}

	static Set<String> commandIds(List<CommandOrder> orders) {
		Set<String> ids = new LinkedHashSet<>();
		orders.forEach((order) -> ids.add(order.command().commandId()));
		return ids;
	}

	static Set<String> wantedInstances(List<CommandOrder> orders) {
		Set<String> ids = new LinkedHashSet<>();
		for (CommandOrder order : orders) {
			List<SiteChange.PutApp> puts = switch (order.command().change()) {
				case SiteChange.Create create -> create.apps();
				case SiteChange.PutApp put -> List.of(put);
				default -> List.of();
			};
			puts.stream().map(SiteChange.PutApp::instanceId).filter(Objects::nonNull).forEach(ids::add);
		}
		return ids;
	}

}
