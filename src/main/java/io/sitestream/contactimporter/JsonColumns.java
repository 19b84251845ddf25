package io.sitestream.contactimporter;

import java.util.List;

import io.sitestream.contactimporter.rows.Address;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Lists in columns of type {@code jsonb}.
 */
@Component
class JsonColumns {

	private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {
	};

	private static final TypeReference<List<Address>> ADDRESSES = new TypeReference<>() {
	};

	private final JsonMapper mapper;

	JsonColumns(JsonMapper mapper) {
		this.mapper = mapper;
	}

	String write(Object value) {
		return this.mapper.writeValueAsString(value);
	}

	List<String> strings(String json) {
		return this.mapper.readValue(json, STRINGS);
	}

	List<Address> addresses(String json) {
		return this.mapper.readValue(json, ADDRESSES);
	}

	<T> T read(String json, TypeReference<T> type) {
		return this.mapper.readValue(json, type);
	}

}
