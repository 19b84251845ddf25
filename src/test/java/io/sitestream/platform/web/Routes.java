package io.sitestream.platform.web;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * What an application answers, asked of what answers it: a new route is known by itself.
 */
final class Routes {

	private Routes() {
	}

	static List<Route> of(Collection<RequestMappingInfoHandlerMapping> mappings, RouterFunctionMapping functions) {
		List<Route> routes = new ArrayList<>();
		mappings.forEach((mapping) -> mapping.getHandlerMethods()
			.forEach((info, handler) -> routes.addAll(annotated(info, handler))));
		RouterFunction<?> function = functions.getRouterFunction();
		if (function != null) {
			function.accept(new Functional(routes));
		}
		return routes.stream().distinct().toList();
	}

	private static List<Route> annotated(RequestMappingInfo info, HandlerMethod handler) {
		Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
		Set<String> parameters = new TreeSet<>();
		Set<String> properties = new TreeSet<>();
		for (MethodParameter parameter : handler.getMethodParameters()) {
			parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
			if (parameter.hasParameterAnnotation(RequestParam.class)) {
				parameters.add(parameter.getParameterName());
			}
			if (parameter.hasParameterAnnotation(RequestBody.class) && parameter.getParameterType().isRecord()) {
				Arrays.stream(parameter.getParameterType().getRecordComponents())
					.map(RecordComponent::getName)
					.forEach(properties::add);
			}
		}
		return info.getPatternValues()
			.stream()
			.flatMap((path) -> (methods.isEmpty() ? Stream.of("GET", "POST") : methods.stream().map(Enum::name))
				.map((method) -> new Route(method, path, parameters, properties)))
			.toList();
	}

	/**
	 * A route.
	 *
	 * @param method its method
	 * @param path its pattern
	 * @param parameters the parameters that it says it takes
	 * @param properties the properties that its body has, as far as it says so
	 */
	record Route(String method, String path, Set<String> parameters, Set<String> properties) {

		boolean hasVariable() {
			return this.path.contains("{") || this.path.contains("*");
		}

		boolean hasBody() {
			return this.method.equals("POST") || this.method.equals("PUT") || this.method.equals("PATCH");
		}

		/**
		 * Its path with values.
		 * @param values gives a value for the name of a variable
		 * @return the path
		 */
		String path(Function<String, String> values) {
			StringBuilder path = new StringBuilder();
			for (String part : this.path.replace("/{*", "/{").split("(?=\\{)|(?<=\\})")) {
				path.append(part.startsWith("{") ? values.apply(part.replaceAll("[{}*]|:.*", "")) : part);
			}
			return path.toString().replace("**", values.apply("path"));
		}

		@Override
		public String toString() {
			return this.method + " " + this.path;
		}

	}

	/**
	 * Collects the routes of router functions.
	 */
	private record Functional(List<Route> routes) implements RouterFunctions.Visitor {

		@Override
		public void startNested(RequestPredicate predicate) {
			throw new IllegalStateException("Nested routes are not known here: %s.".formatted(predicate));
		}

		@Override
		public void endNested(RequestPredicate predicate) {
			// none begins
		}

		@Override
		public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
			Set<String> methods = new TreeSet<>();
			List<String> paths = new ArrayList<>();
			predicate.accept(new RequestPredicates.Visitor() {

				@Override
				public void method(Set<HttpMethod> found) {
					found.forEach((method) -> methods.add(method.name()));
				}

				@Override
				public void path(String pattern) {
					paths.add(pattern);
				}

				@Override
				public void pathExtension(String extension) {
				}

				@Override
				public void header(String name, String value) {
				}

				@Override
				public void param(String name, String value) {
				}

				@Override
				public void version(String version) {
				}

				@Override
				public void startAnd() {
				}

				@Override
				public void and() {
				}

				@Override
				public void endAnd() {
				}

				@Override
				public void startOr() {
				}

				@Override
				public void or() {
				}

				@Override
				public void endOr() {
				}

				@Override
				public void startNegate() {
				}

				@Override
				public void endNegate() {
				}

				@Override
				public void unknown(RequestPredicate unknown) {
					throw new IllegalStateException("Unknown predicate %s.".formatted(unknown));
				}

			});
			methods.remove("HEAD");
			paths.forEach((path) -> (methods.isEmpty() ? Set.of("GET") : methods)
				.forEach((method) -> this.routes.add(new Route(method, path, Set.of("after", "limit"), Set.of()))));
		}

		@Override
		public void resources(Function<ServerRequest, Optional<Resource>> lookup) {
			// files have no values
		}

		@Override
		public void attributes(Map<String, Object> attributes) {
			// nor do they take any
		}

		@Override
		public void unknown(RouterFunction<?> function) {
			throw new IllegalStateException("Unknown routes %s.".formatted(function));
		}

	}

}
