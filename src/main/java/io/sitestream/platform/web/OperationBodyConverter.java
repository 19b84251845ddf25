package io.sitestream.platform.web;

import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/**
 * Reads the bodies of actuator operations, which the framework takes as maps of texts and
 * converts to the operation's parameters itself: a number may stand there as a number.
 */
final class OperationBodyConverter extends JacksonJsonHttpMessageConverter {

	OperationBodyConverter() {
		super(JsonConfiguration.strict(JsonMapper.builder()).build());
	}

	@Override
	public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
		return type.resolve() == Map.class
				&& Arrays.equals(type.resolveGenerics(), new Class<?>[] { String.class, String.class })
				&& super.canRead(type, mediaType);
	}

	@Override
	public boolean canWrite(ResolvableType targetType, Class<?> valueClass, @Nullable MediaType mediaType) {
		return false;
	}

}
