package io.sitestream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/**
 * An issuer of tokens with a key of its own.
 */
public final class TestTokens {

	private final KeyPair keys;

	public TestTokens() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			this.keys = generator.generateKeyPair();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Writes the public key into a file.
	 * @return a value for
	 * {@code spring.security.oauth2.resourceserver.jwt.public-key-location}
	 */
	public String publicKeyLocation() {
		try {
			Path key = Files.createTempFile("sitestream", ".pem");
			key.toFile().deleteOnExit();
			Files.writeString(key, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
				.formatted(Base64.getMimeEncoder().encodeToString(this.keys.getPublic().getEncoded())));
			return key.toUri().toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A token that is valid for ten minutes.
	 * @param subject the account
	 * @param scopes what it may do
	 * @return the token
	 */
	public String of(String subject, String... scopes) {
		return sign(new JWTClaimsSet.Builder().subject(subject).claim("scope", String.join(" ", scopes)),
				Instant.now().plusSeconds(600));
	}

	/**
	 * A token that lists its scopes as Microsoft Entra and Okta do.
	 * @param subject the account
	 * @param scopes what it may do
	 * @return the token
	 */
	public String ofScp(String subject, String... scopes) {
		return sign(new JWTClaimsSet.Builder().subject(subject).claim("scp", List.of(scopes)),
				Instant.now().plusSeconds(600));
	}

	public String expired(String subject) {
		return sign(new JWTClaimsSet.Builder().subject(subject), Instant.now().minusSeconds(600));
	}

	public String withoutSubject() {
		return sign(new JWTClaimsSet.Builder(), Instant.now().plusSeconds(600));
	}

	private String sign(JWTClaimsSet.Builder claims, Instant expiry) {
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256),
				claims.expirationTime(Date.from(expiry)).build());
		try {
			token.sign(new RSASSASigner(this.keys.getPrivate()));
			return token.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
