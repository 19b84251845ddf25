package io.sitestream.appsreader;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.sitestream.appsreader.InstalledAppsReader.Demand;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Identifier;
import io.sitestream.platform.Preferences;
import io.sitestream.platform.ProblemException;
import io.sitestream.projection.Reading.IndexPage;
import io.sitestream.projection.StoredView;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

import static org.springframework.web.servlet.function.RequestPredicates.path;

/**
 * The read model's HTTP edge. Views go from Redis to the socket as they are.
 */
@Configuration(proxyBeanMethods = false)
class InstalledAppsRoutes {

	static final String LAG_HEADER = "Projection-Lag";

	private static final int MOST = 1_000;

	private static final int DEFAULT_LIMIT = 100;

	private final InstalledAppsReader reader;

	private final JsonMapper mapper;

	InstalledAppsRoutes(InstalledAppsReader reader, JsonMapper mapper) {
		this.reader = reader;
		this.mapper = mapper;
	}

	@Bean
	RouterFunction<ServerResponse> installedApps() {
		return RouterFunctions.route()
			.route(reading("/api/installed-apps/by-site/{siteId}"), this::bySite)
			.POST("/api/installed-apps/by-site", this::bySites)
			.route(reading("/api/installed-apps/by-app/{appId}"), this::byApp)
			.route(reading("/api/installed-apps/by-instance/{instanceId}"), this::byInstance)
			.route(path("/api/installed-apps/by-site"), (request) -> refuseMethod(request, HttpMethod.POST))
			.route(path("/api/installed-apps/{by:by-site|by-app|by-instance}/{id}"),
					(request) -> refuseMethod(request, HttpMethod.GET))
			.filter(this::withLag)
			.build();
	}

	private static RequestPredicate reading(String pattern) {
		return RequestPredicates.path(pattern)
			.and(RequestPredicates.method(HttpMethod.GET).or(RequestPredicates.method(HttpMethod.HEAD)));
	}

	/** Problems say how far behind the projection may be, too. */
	private ServerResponse withLag(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
		try {
			return next.handle(request);
		}
		catch (ProblemException ex) {
			throw ex.withHeader(LAG_HEADER, Long.toString(this.reader.lagMillis()));
		}
	}

	private ServerResponse bySite(ServerRequest request) {
		String siteId = Identifier.PLAIN.require("siteId", request.pathVariable("siteId"));
		StoredView view = this.reader.bySite(demand(request), siteId)
			.orElseThrow(() -> unknown("unknown-site",
					"Site '%s' is unknown here: it does not exist, or its creation has not arrived yet."
						.formatted(siteId)));
		String etag = "\"" + view.version() + "\"";
		if (matches(request.headers().firstHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
			return answer(HttpStatus.NOT_MODIFIED).eTag(etag).build();
		}
		return answer(HttpStatus.OK).eTag(etag).contentType(MediaType.APPLICATION_JSON).body(view.body());
	}

	private ServerResponse bySites(ServerRequest request) throws Exception {
		SiteIds asked = request.body(SiteIds.class);
		// the JSON null
		List<String> siteIds = ((asked != null) ? asked : new SiteIds(null)).distinct();
		InstalledAppsReader.Found found = this.reader.bySites(demand(request), siteIds);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes("{\"sites\":[".getBytes(StandardCharsets.UTF_8));
		String separator = "";
		for (StoredView view : found.views()) {
			out.writeBytes(separator.getBytes(StandardCharsets.UTF_8));
			out.writeBytes(view.body());
			separator = ",";
		}
		out.writeBytes("],\"unknown\":".getBytes(StandardCharsets.UTF_8));
		out.writeBytes(this.mapper.writeValueAsBytes(found.unknown()));
		out.write('}');
		return answer(HttpStatus.OK).contentType(MediaType.APPLICATION_JSON).body(out.toByteArray());
	}

	private ServerResponse byApp(ServerRequest request) {
		String appId = Identifier.PLAIN.require("appId", request.pathVariable("appId"));
		String after = request.param("after").map((id) -> Identifier.PLAIN.require("after", id)).orElse("");
		int limit = request.param("limit").map(InstalledAppsRoutes::limit).orElse(DEFAULT_LIMIT);
		IndexPage page = this.reader.byApp(demand(request), appId, after, limit);
		Map<String, @Nullable Object> body = new LinkedHashMap<>();
		body.put("appId", appId);
		body.put("count", page.count());
		body.put("siteIds", page.keys());
		body.put("next", page.next().orElse(null));
		return answer(HttpStatus.OK).contentType(MediaType.APPLICATION_JSON).body(body);
	}

	private ServerResponse byInstance(ServerRequest request) {
		String instanceId = Identifier.PLAIN.require("instanceId", request.pathVariable("instanceId"));
		return this.reader.byInstance(demand(request), instanceId)
			.map((instance) -> answer(HttpStatus.OK).contentType(MediaType.APPLICATION_JSON).body(instance))
			.orElseThrow(() -> unknown("unknown-instance",
					"Instance '%s' is unknown here: it is on no site, or its installation has not arrived yet."
						.formatted(instanceId)));
	}

	private static ServerResponse refuseMethod(ServerRequest request, HttpMethod allowed)
			throws HttpRequestMethodNotSupportedException {
		throw new HttpRequestMethodNotSupportedException(request.method().name(), List.of(allowed.name()));
	}

	private static Demand demand(ServerRequest request) {
		List<String> tokens = request.headers().header(ConsistencyToken.HEADER);
		return new Demand(tokens.isEmpty() ? null : String.join(",", tokens),
				Preferences.parse(request.headers().header(Preferences.HEADER)));
	}

	private ServerResponse.BodyBuilder answer(HttpStatus status) {
		return ServerResponse.status(status).header(LAG_HEADER, Long.toString(this.reader.lagMillis()));
	}

	private static ProblemException unknown(String slug, String detail) {
		return new ProblemException(HttpStatus.NOT_FOUND, slug, detail);
	}

	private static boolean matches(@Nullable String ifNoneMatch, String etag) {
		return ifNoneMatch != null && List.of(ifNoneMatch.replace("W/", "").split("\\s*,\\s*")).contains(etag)
				|| "*".equals(ifNoneMatch);
	}

	private static int limit(String value) {
		if (!value.matches("\\d{1,4}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > MOST) {
			throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-parameter",
					"limit '%s' is not allowed: expected 1 to %d.".formatted(value, MOST));
		}
		return Integer.parseInt(value);
	}

	/**
	 * Which sites a client asks for.
	 *
	 * @param siteIds 1 to 1,000 ids
	 */
	record SiteIds(@Nullable List<@Nullable String> siteIds) {

		List<String> distinct() {
			if (this.siteIds == null || this.siteIds.isEmpty() || this.siteIds.size() > MOST) {
				throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid-site-ids",
						"siteIds has %d entries: expected 1 to %d."
							.formatted((this.siteIds != null) ? this.siteIds.size() : 0, MOST));
			}
			return this.siteIds.stream()
				.map((id) -> Identifier.PLAIN.require("siteId", String.valueOf(id)))
				.distinct()
				.toList();
		}

	}

}
