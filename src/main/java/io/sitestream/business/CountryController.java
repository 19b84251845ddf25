package io.sitestream.business;

import java.net.URI;
import java.util.List;

import io.sitestream.kvstore.KeyValueStore;
import io.sitestream.kvstore.StoreTokens;
import io.sitestream.platform.ConsistencyToken;
import io.sitestream.platform.Items;
import io.sitestream.platform.Position;
import io.sitestream.platform.Preconditions;
import io.sitestream.platform.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The countries over HTTP. Reads come from memory alone; a write is answered when the own
 * store shows it.
 */
@RestController
@RequestMapping("/api/countries")
class CountryController {

	private static final int LONGEST_NAME = 200;

	private final KeyValueStore<Country> countries;

	private final StoreTokens tokens;

	CountryController(KeyValueStore<Country> countryStore, StoreTokens tokens) {
		this.countries = countryStore;
		this.tokens = tokens;
	}

	@GetMapping
	Items<Country> all(@RequestHeader HttpHeaders headers) {
		this.tokens.await(headers, this.countries);
		return Items.whole(List.copyOf(this.countries.all().values()));
	}

	@GetMapping("/{code}")
	Country one(@PathVariable String code, @RequestHeader HttpHeaders headers) {
		this.tokens.await(headers, this.countries);
		return this.countries.find(code).orElseThrow(() -> unknown(code));
	}

	@PutMapping(path = "/{code}", consumes = MediaType.APPLICATION_JSON_VALUE,
			produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<Country> put(@PathVariable String code, @RequestBody CountryName body, Preconditions preconditions) {
		if (body.name() == null || body.name().isBlank()) {
			throw invalid("The name of country '%s' is missing: expected {\"name\": \"…\"}.".formatted(code));
		}
		if (body.name().length() > LONGEST_NAME || body.name().chars().anyMatch(Character::isISOControl)) {
			throw invalid(
					"The name of country '%s' is not allowed: at most %d characters, none of them a control character."
						.formatted(code, LONGEST_NAME));
		}
		Country country = IsoCountries.find(code, body.name().strip()).orElseThrow(() -> noCountry(code));
		boolean known = this.countries.containsKey(code);
		preconditions.require("Country '%s'".formatted(code), known);
		Position position = this.countries.put(code, country);
		ResponseEntity.BodyBuilder answer = known ? ResponseEntity.ok()
				: ResponseEntity.created(URI.create("/api/countries/" + code));
		return answer.header(ConsistencyToken.HEADER, this.tokens.issue(this.countries, position)).body(country);
	}

	@DeleteMapping("/{code}")
	ResponseEntity<Void> delete(@PathVariable String code, Preconditions preconditions) {
		if (!this.countries.containsKey(code)) {
			throw IsoCountries.isCode(code) ? unknown(code) : noCountry(code);
		}
		preconditions.require("Country '%s'".formatted(code), true);
		Position position = this.countries.delete(code);
		return ResponseEntity.noContent()
			.header(ConsistencyToken.HEADER, this.tokens.issue(this.countries, position))
			.build();
	}

	private ProblemException unknown(String code) {
		return new ProblemException(HttpStatus.NOT_FOUND, "unknown-country",
				"Country '%s' is unknown. %d countries are loaded.".formatted(code, this.countries.size()));
	}

	private static ProblemException noCountry(String code) {
		return invalid("'%s' is no country: expected a code of ISO 3166-1 alpha-2 in capitals, as SS.".formatted(code));
	}

	private static ProblemException invalid(String detail) {
		return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-country", detail);
	}

	/**
	 * What a client says of a country.
	 *
	 * @param name what to call it
	 */
	record CountryName(@Nullable String name) {

	}

}
