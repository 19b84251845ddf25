package io.sitestream.platform.web;

import io.sitestream.platform.SecurityMode;
import io.sitestream.platform.SecurityProperties;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;
import org.springframework.security.web.SecurityFilterChain;

/**
 * The security modes.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
class SecurityConfiguration {

	static final String SCOPE_PREFIX = "SCOPE_";

	private static final JwtGrantedAuthoritiesConverter SCOPES = new JwtGrantedAuthoritiesConverter();

	@Bean
	@ConditionalOnWebApplication
	SecurityFilterChain securityFilterChain(HttpSecurity http, SecurityProperties properties,
			ObjectProvider<JwtDecoder> decoders, SecurityProblems problems, AccessRules rules) throws Exception {
		http.csrf(AbstractHttpConfigurer::disable)
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.requestCache(AbstractHttpConfigurer::disable);
		if (properties.mode() == SecurityMode.OPEN) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}
		JwtDecoder decoder = decoders.getIfAvailable();
		if (decoder == null) {
			throw new UnconfiguredSecurityException(
					"sitestream.security.mode is 'jwt' (the default), but nothing says whose tokens are valid: set spring.security.oauth2.resourceserver.jwt.issuer-uri, .jwk-set-uri or .public-key-location, or ask for sitestream.security.mode=open.");
		}
		return http.authorizeHttpRequests((requests) -> applyRules(rules, requests))
			.oauth2ResourceServer((server) -> server
				.jwt((jwt) -> jwt.decoder(decoder).jwtAuthenticationConverter(SecurityConfiguration::accountOf))
				.authenticationEntryPoint(problems)
				.accessDeniedHandler(problems))
			.exceptionHandling(
					(exceptions) -> exceptions.authenticationEntryPoint(problems).accessDeniedHandler(problems))
			.build();
	}

	private static void applyRules(AccessRules rules,
			AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
		for (AccessRule rule : rules.inOrder()) {
			AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizedUrl calls = requests.requestMatchers(rule);
			switch (rule.need()) {
				case NOTHING -> calls.permitAll();
				case TOKEN -> calls.authenticated();
				case SCOPE -> calls.hasAuthority(SCOPE_PREFIX + rule.scope());
			}
		}
		requests.anyRequest().authenticated();
	}

	private static AbstractAuthenticationToken accountOf(Jwt token) {
		if (token.getSubject() == null || token.getSubject().isBlank()) {
			throw new InvalidBearerTokenException("It has no sub, which is the account.");
		}
		return new JwtAuthenticationToken(token, SCOPES.convert(token));
	}

}
