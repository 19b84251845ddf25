package io.sitestream.platform.web;

import java.util.List;

import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.stereotype.Component;

import static io.sitestream.platform.web.AccessRule.Calls.ALL;
import static io.sitestream.platform.web.AccessRule.Calls.READS;
import static io.sitestream.platform.web.AccessRule.Calls.WRITES;

/**
 * The rules of mode {@code jwt} in one place. The first that matches a call decides; a
 * call that none matches needs a token, and finds nothing.
 */
@Component
class AccessRules {

	static final String OPERATORS = "ops";

	private final List<AccessRule> inOrder = List.of(
			// wherever the actuator is: its base path and its port can be moved
			AccessRule.free(READS, EndpointRequest.to("health")),
			AccessRule.scope(OPERATORS, ALL, EndpointRequest.toAnyEndpoint()),
			// the handshake carries no token: browsers cannot send one. CONNECT does
			AccessRule.free(ALL, "/ws", "/error"),
			AccessRule.free(READS, "/", "/index.html", "/favicon.ico", "/console/**"),
			AccessRule.free(READS, "/actuator/health/**"), AccessRule.scope(OPERATORS, ALL, "/actuator/**"),
			AccessRule.scope(OPERATORS, ALL, "/functions/**"), AccessRule.scope(OPERATORS, WRITES, "/"),
			AccessRule.anyToken(READS, "/api/sites/**", "/api/site-commands/**"),
			AccessRule.scope("sites:write", WRITES, "/api/sites/**", "/api/site-commands/**"),
			AccessRule.scope("apps:read", ALL, "/api/installed-apps/**"),
			AccessRule.scope("contacts:import", ALL, "/api/contact-imports/**"),
			AccessRule.scope("contacts:read", READS, "/api/contacts/**"),
			AccessRule.scope("contacts:import", WRITES, "/api/contacts/**"),
			AccessRule.free(READS, "/api/countries/**", "/api/bookings/**", "/api/ticketing/**"),
			AccessRule.scope("reference:write", WRITES, "/api/countries/**", "/api/bookings/**", "/api/ticketing/**"));

	List<AccessRule> inOrder() {
		return this.inOrder;
	}

}
