package io.sitestream.notification.stomp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.sitestream.SitestreamTest;
import io.sitestream.notification.Announcer;
import io.sitestream.notification.StompTestClient;
import io.sitestream.platform.Emitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@SitestreamTest(modules = "notification",
		properties = { "sitestream.security.mode=jwt", "server.forward-headers-strategy=framework" })
class StompTokenIntegrationTests {

	private static final KeyPair KEYS = keys();

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	final String channel = Announcer.newChannel();

	@DynamicPropertySource
	static void issuer(DynamicPropertyRegistry properties) throws IOException {
		Path key = Files.createTempFile("sitestream", ".pem");
		Files.writeString(key, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
			.formatted(Base64.getMimeEncoder().encodeToString(KEYS.getPublic().getEncoded())));
		key.toFile().deleteOnExit();
		properties.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> key.toUri().toString());
	}

	@Test
	void takesTheAccountFromTheToken() {
		new Announcer(this.emitter, "ada", this.channel).announce(1);
		try (StompTestClient ada = connect("Bearer " + token("ada", Instant.now().plusSeconds(60)))) {
			ada.subscribe(this.channel).awaitMessages(1);
		}
		try (StompTestClient eve = connect("Bearer " + token("eve", Instant.now().plusSeconds(60)))) {
			eve.subscribe(this.channel);

			assertThat(eve.awaitCommand("ERROR").header("message"))
				.isEqualTo("Channel '%s' belongs to another account.".formatted(this.channel));
		}
	}

	@ParameterizedTest
	@CsvSource({ "X-Forwarded-Proto, wss", "Forwarded, host=pages.example.net;proto=wss" })
	void letsPagesOfTheOwnOriginInWhoseProxyEndsTls(String header, String value) {
		HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.header("Origin", "https://pages.example.net")
			.header("X-Forwarded-Host", "pages.example.net")
			.header(header, value)
			.buildAsync(URI.create("ws://127.0.0.1:" + this.port + "/ws"), new WebSocket.Listener() {
			})
			.join()
			.abort();
	}

	@Test
	void refusesConnectionsWithoutAToken() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.sendConnect(Map.of("Account-Id", "ada"));

			assertThat(client.awaitCommand("ERROR").header("message")).isEqualTo("CONNECT has no token.");
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	@Test
	void refusesTokensThatHaveExpired() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.sendConnect(Map.of("Authorization", "Bearer " + token("ada", Instant.now().minusSeconds(600))));

			assertThat(client.awaitCommand("ERROR").header("message")).startsWith("The token is not valid: ")
				.contains("expired");
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	@Test
	void refusesTokensOfSomebodyElse() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client
				.sendConnect(Map.of("Authorization", "Bearer " + token(keys(), "ada", Instant.now().plusSeconds(60))));

			assertThat(client.awaitCommand("ERROR").header("message")).startsWith("The token is not valid: ");
		}
	}

	@ParameterizedTest
	@CsvSource({ "/, text/html", "/console/console.js, text/javascript", "/console/channel.js, text/javascript",
			"/console/console.css, text/css" })
	void givesTheConsoleToEverybody(String path, String type) throws Exception {
		HttpResponse<String> page = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path)).build(),
					BodyHandlers.ofString());

		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
		assertThat(page.body()).doesNotContain("http://", "https://");
	}

	private StompTestClient connect(String authorization) {
		return StompTestClient.connect(this.port, Map.of("Authorization", authorization));
	}

	private static String token(String subject, Instant expiry) {
		return token(KEYS, subject, expiry);
	}

	private static String token(KeyPair keys, String subject, Instant expiry) {
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256),
				new JWTClaimsSet.Builder().subject(subject).expirationTime(Date.from(expiry)).build());
		try {
			token.sign(new RSASSASigner(keys.getPrivate()));
			return token.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyPair keys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			return generator.generateKeyPair();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
