package io.sitestream.platform.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.sitestream.ApiClient.Answer;
import jakarta.servlet.ServletContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

class ScopesIntegrationTests extends TokenSecuredTests {

	private static final String EVERYTHING_ELSE = "some:thing apps:write openid";

	@Autowired
	List<RequestMappingInfoHandlerMapping> controllers;

	@Autowired
	AccessRules rules;

	@Autowired
	ServletContext application;

	@Autowired
	List<RouterFunction<?>> routes;

	@ParameterizedTest(name = "{0} {1} needs {2}")
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			GET    | /api/sites/s                              | -
			GET    | /api/site-commands/c                      | -
			POST   | /api/sites                                | sites:write
			PUT    | /api/sites/s                              | sites:write
			DELETE | /api/sites/s                              | sites:write
			PUT    | /api/sites/s/apps/a                       | sites:write
			DELETE | /api/sites/s/apps/a                       | sites:write
			GET    | /api/installed-apps/by-site/s             | apps:read
			POST   | /api/installed-apps/by-site               | apps:read
			GET    | /api/installed-apps/by-app/a              | apps:read
			GET    | /api/installed-apps/by-instance/i         | apps:read
			POST   | /api/contact-imports                      | contacts:import
			GET    | /api/contact-imports                      | contacts:import
			GET    | /api/contact-imports/i                    | contacts:import
			GET    | /api/contact-imports/i/rejections         | contacts:import
			DELETE | /api/contact-imports/i                    | contacts:import
			GET    | /api/contacts                             | contacts:read
			GET    | /api/contacts/c                           | contacts:read
			GET    | /api/contacts/export                      | contacts:read
			HEAD   | /api/contacts                             | contacts:read
			PUT    | /api/contacts/c                           | contacts:import
			DELETE | /api/contacts/c                           | contacts:import
			PUT    | /api/countries/SS                         | reference:write
			DELETE | /api/countries/SS                         | reference:write
			PUT    | /api/bookings/time-zone-overrides/Asia/Baku | reference:write
			DELETE | /api/bookings/time-zone-overrides/Asia/Baku | reference:write
			GET    | /actuator                                 | ops
			GET    | /actuator/info                            | ops
			GET    | /actuator/prometheus                      | ops
			GET    | /actuator/bindings                        | ops
			POST   | /actuator/bindings/b-in-0                 | ops
			GET    | /actuator/modulith                        | ops
			GET    | /actuator/kvstores                        | ops
			GET    | /actuator/deadletters                     | ops
			POST   | /actuator/deadletters/t                   | ops
			POST   | /functions/projectInstalledApps           | ops
			POST   | /                                         | ops
			""")
	void everyCallNeedsItsTokenAndItsScopeAndNoOther(String method, String path, String scope) {
		assertThat(this.api.send(method, path, "").status()).as("no token").isEqualTo(401);
		Answer refused = this.api.send(method, path, "", as("ann", EVERYTHING_ELSE));
		if (scope == null) {
			assertThat(refused.status()).as(refused.body()).isNotIn(401, 403);
			return;
		}
		assertThat(refused.status()).as(refused.body()).isEqualTo(403);
		assertThat(refused.header("WWW-Authenticate"))
			.hasValue("Bearer error=\"insufficient_scope\", scope=\"%s\"".formatted(scope));
		if (!method.equals("HEAD")) {
			assertIsProblem(refused, 403, "insufficient-scope",
					"%s %s needs the scope '%s', which the token does not have".formatted(method, path, scope));
		}
		Answer allowed = this.api.send(method, path, "", as("ann", scope));
		assertThat(allowed.status()).as(allowed.body()).isNotIn(401, 403);
	}

	@ParameterizedTest
	@CsvSource({ "/api/countries", "/api/countries/DE", "/api/bookings/time-zones",
			"/api/bookings/time-zones/Asia/Baku", "/api/ticketing/time-zones",
			"/api/ticketing/local-time?zone=Asia/Baku", "/actuator/health", "/actuator/health/liveness",
			"/actuator/health/readiness", "/" })
	void whatIsFreeNeedsNoToken(String path) {
		assertThat(this.api.get(path).status()).isNotIn(401, 403);
	}

	@Test
	void scopesMayBeAListNamedScp() {
		String[] token = bearing(ISSUER.ofScp("ann", "openid", "apps:read"));

		assertThat(this.api.get("/api/installed-apps/by-app/a", token).status()).isNotIn(401, 403);
		assertThat(this.api.get("/actuator/info", token).status()).isEqualTo(403);
	}

	@Test
	void aSubThatCannotBeAnAccountIsToldSoWhereAnAccountIsNeeded() {
		String[] token = as("auth0|5f7c", "sites:write", "contacts:read", "ops");

		assertIsProblem(this.api.delete("/api/sites/s", token), 403, "invalid-account",
				"The token's sub 'auth0|5f7c' names no account: it must match [A-Za-z0-9._-]{1,128}.");
		assertIsProblem(this.api.get("/api/contacts", token), 403, "invalid-account", "'auth0|5f7c'");
		assertThat(this.api.get("/actuator/info", token).status()).isEqualTo(200);
	}

	@Test
	void everyMappedCallHasARule() {
		Set<String> calls = mappedCalls();

		assertThat(calls).hasSizeGreaterThan(40)
			.contains("POST /api/sites", "GET /api/installed-apps/by-app/{appId}", "GET /actuator/kvstores")
			.allSatisfy((call) -> assertThat(ruleOf(call)).as(call).isPresent());
	}

	/** What is mapped in this application, which runs all modules. */
	private Set<String> mappedCalls() {
		Set<String> calls = new TreeSet<>();
		this.controllers
			.forEach((mapping) -> mapping.getHandlerMethods().keySet().forEach((info) -> calls.addAll(calls(info))));
		Pattern route = Pattern.compile("/api/[^ )]*");
		this.routes.stream().map(Object::toString).flatMap((text) -> route.matcher(text).results()).forEach((found) -> {
			calls.add("GET " + found.group());
			calls.add("POST " + found.group());
		});
		return calls;
	}

	private static List<String> calls(RequestMappingInfo info) {
		List<String> calls = new ArrayList<>();
		Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
		for (String path : info.getPatternValues()) {
			(methods.isEmpty() ? Stream.of(RequestMethod.values()) : methods.stream())
				.forEach((method) -> calls.add(method + " " + path));
		}
		return calls;
	}

	private Optional<AccessRule> ruleOf(String call) {
		String[] parts = call.split(" ", 2);
		Matcher variables = Pattern.compile("\\{[^}]*}|\\*+").matcher(parts[1]);
		MockHttpServletRequest request = new MockHttpServletRequest(this.application, parts[0],
				variables.replaceAll("x"));
		return this.rules.inOrder().stream().filter((rule) -> rule.matches(request)).findFirst();
	}

}
