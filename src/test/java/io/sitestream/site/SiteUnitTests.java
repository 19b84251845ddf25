package io.sitestream.site;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.Objects;

import io.sitestream.platform.EntityTags;
import io.sitestream.platform.Preconditions;
import io.sitestream.site.InstalledApp.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SiteUnitTests {

	private static final Instant CREATED = Instant.parse("2026-11-23T12:00:00Z");

	private static final Instant NOW = Instant.parse("2026-11-23T13:00:00Z");

	/**
	 * What every command does to every state of a site: the state, the command, who sends
	 * it and the version it expects (empty for none), the answer, the problem, and the
	 * version afterwards.
	 */
	@ParameterizedTest
	@CsvSource(textBlock = """
			unknown, create,     ,    , 201,                  , 1
			unknown, replace,    ,    , 404, unknown-site     , 0
			unknown, delete,     ,    , 404, unknown-site     , 0
			unknown, put-new,    ,    , 404, unknown-site     , 0
			unknown, remove,     ,    , 404, unknown-site     , 0
			deleted, create,     ,    , 201,                  , 5
			deleted, replace,    ,    , 404, unknown-site     , 4
			deleted, delete,     ,    , 404, unknown-site     , 4
			deleted, put-new,    ,    , 404, unknown-site     , 4
			deleted, remove,     ,    , 404, unknown-site     , 4
			present, create,     ,    , 409, site-exists      , 2
			present, replace,    ,    , 200,                  , 3
			present, delete,     ,    , 204,                  , 3
			present, put-new,    ,    , 201,                  , 3
			present, put-known,  ,    , 200,                  , 3
			present, put-taken,  ,    , 409, instance-exists  , 2
			present, remove,     ,    , 204,                  , 3
			present, remove-new, ,    , 404, unknown-app      , 2
			present, replace,    ,   2, 200,                  , 3
			present, replace,    ,   1, 412, version-conflict , 2
			present, delete,     ,   3, 412, version-conflict , 2
			present, replace, ann,    , 200,                  , 3
			present, replace, bob,    , 403, not-owner        , 2
			present, delete,  bob,   1, 403, not-owner        , 2
			unknown, create,  ann,    , 201,                  , 1
			unknown, create,  bob,    , 403, not-owner        , 0
			""")
	void answersEveryCommandInEveryState(String state, String change, @Nullable String actor, @Nullable Long expected,
			int status, @Nullable String problem, long version) {
		Site site = site(state);
		SiteCommand command = new SiteCommand("c", "shop", actor, (expected != null) ? Set.of(expected) : null,
				change(change));

		Site.Decision decision = site.decide(command, "taken"::equals, NOW, () -> "fresh");

		assertThat(decision.status().value()).isEqualTo(status);
		assertThat((decision.problem() != null) ? decision.problem().type() : null)
			.isEqualTo((problem != null) ? "urn:sitestream:problem:" + problem : null);
		assertThat(decision.after().version()).isEqualTo(version);
		if (problem != null) {
			assertThat(decision.after()).isEqualTo(site);
		}
	}

	/**
	 * What preconditions make of every command: the state, the command, {@code If-Match},
	 * {@code If-None-Match}, and the answer, which is that without them where they hold.
	 */
	@ParameterizedTest
	@CsvSource(textBlock = """
			present, create    , ,  *, 412
			present, replace   , ,  *, 412
			present, delete    , ,  *, 412
			present, put-known , ,  *, 412
			present, remove    , ,  *, 412
			unknown, create    , ,  *, 201
			deleted, create    , ,  *, 201
			unknown, replace   , ,  *, 404
			unknown, delete    , ,  *, 404
			present, put-new   , ,  *, 201
			present, remove-new, ,  *, 404
			present, replace   , ,  2, 412
			present, replace   , ,  1, 200
			present, put-known , ,  2, 412
			present, put-new   , ,  2, 201
			present, create    , ,  1, 409
			unknown, create    , *,  , 412
			unknown, create    , 1,  , 412
			deleted, create    , 4,  , 412
			present, create    , 1,  , 412
			present, create    , 2,  , 409
			present, create    , *,  , 409
			present, replace   , *,  , 200
			present, put-new   , *,  , 201
			present, put-new   , 2,  , 201
			present, put-new   , 1,  , 412
			present, replace   , 2, 1, 200
			present, replace   , 2, 2, 412
			present, replace   , *, *, 412
			unknown, create    , *, *, 412
			""")
	void passesNoPreconditionOver(String state, String change, @Nullable String match, @Nullable String noneMatch,
			int status) {
		SiteCommand command = SiteCommand.of("c", "shop", null, change(change),
				new Preconditions(tags(match), tags(noneMatch)), null);

		Site.Decision decision = site(state).decide(command, "taken"::equals, NOW, () -> "fresh");

		assertThat(decision.status().value()).isEqualTo(status);
		if (status == 412) {
			assertThat(decision.outcome(command).version()).as("the present version")
				.isEqualTo(state.equals("present") ? 2L : null);
		}
	}

	private static @Nullable EntityTags tags(@Nullable String value) {
		return (value != null)
				? new EntityTags(value.equals("*"), value.equals("*") ? Set.of() : Set.of(Long.valueOf(value))) : null;
	}

	@Test
	void keepsTheInstanceAndTheTimeOfAnAppThatIsChanged() {
		Site.Decision decision = decide(new SiteChange.PutApp("chat", null, "2", Status.DISABLED));

		assertThat(Objects.requireNonNull(decision.after().metadata()).apps())
			.containsExactly(new InstalledApp("chat", "chat-1", "2", Status.DISABLED, CREATED));
	}

	@Test
	void givesANewAppAnInstanceOfItsOwnAndSortsByAppId() {
		Site.Decision decision = decide(new SiteChange.PutApp("blog", null, "1", Status.ENABLED));

		assertThat(Objects.requireNonNull(decision.after().metadata()).apps())
			.containsExactly(new InstalledApp("blog", "fresh", "1", Status.ENABLED, NOW), chat());
	}

	@Test
	void leavesTheAppsAloneWhenTheRestIsReplaced() {
		Site.Decision decision = decide(new SiteChange.Replace("bob", "New", "en", "new.example.org", 7L));

		assertThat(decision.after().metadata()).isEqualTo(
				new SiteMetadata("shop", 3, "bob", "New", "en", "new.example.org", 7L, List.of(chat()), CREATED, NOW));
	}

	@Test
	void refusesOneInstanceForTwoAppsOfANewSite() {
		Site.Decision decision = Site.unknown("shop")
			.decide(new SiteCommand("c", "shop", null, null,
					new SiteChange.Create("ann", "Shop", null, null, null,
							List.of(new SiteChange.PutApp("a", "same", "1", Status.ENABLED),
									new SiteChange.PutApp("b", "same", "1", Status.ENABLED)))),
					(id) -> false, NOW, () -> "fresh");

		assertThat(Objects.requireNonNull(decision.problem()).detail())
			.isEqualTo("Instance 'same' exists already: choose another instanceId, or leave it out to get one.");
	}

	private static Site.Decision decide(SiteChange change) {
		return site("present").decide(new SiteCommand("c", "shop", null, null, change), "taken"::equals, NOW,
				() -> "fresh");
	}

	private static Site site(String state) {
		return switch (state) {
			case "unknown" -> Site.unknown("shop");
			case "deleted" -> new Site("shop", 4, null);
			default -> new Site("shop", 2,
					new SiteMetadata("shop", 2, "ann", "Shop", null, null, null, List.of(chat()), CREATED, CREATED));
		};
	}

	private static InstalledApp chat() {
		return new InstalledApp("chat", "chat-1", "1", Status.ENABLED, CREATED);
	}

	private static SiteChange change(String name) {
		return switch (name) {
			case "create" -> new SiteChange.Create("ann", "Shop", null, null, null, List.of());
			case "replace" -> new SiteChange.Replace("ann", "Shop", null, null, null);
			case "delete" -> new SiteChange.Delete();
			case "put-new" -> new SiteChange.PutApp("store", null, "1", Status.ENABLED);
			case "put-known" -> new SiteChange.PutApp("chat", "chat-1", "2", Status.ENABLED);
			case "put-taken" -> new SiteChange.PutApp("store", "taken", "1", Status.ENABLED);
			case "remove" -> new SiteChange.RemoveApp("chat");
			case "remove-new" -> new SiteChange.RemoveApp("store");
			default -> throw new IllegalArgumentException(name);
		};
	}

}
