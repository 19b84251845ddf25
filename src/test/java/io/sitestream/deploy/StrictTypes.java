package io.sitestream.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.JsonNode;

/**
 * Reads objects of a cluster as their types. Those keep what they do not know; here it is
 * an error.
 */
final class StrictTypes {

	private static final ObjectMapper MAPPER = new ObjectMapper()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.setAnnotationIntrospector(new JacksonAnnotationIntrospector() {

			@Override
			public Boolean hasAnySetter(Annotated annotated) {
				return !(annotated instanceof AnnotatedMember) && super.hasAnySetter(annotated);
			}

		});

	private StrictTypes() {
	}

	static <T> T read(JsonNode object, Class<T> type) throws JsonProcessingException {
		return read(object.toString(), type);
	}

	static <T> T read(String object, Class<T> type) throws JsonProcessingException {
		return MAPPER.readValue(object, type);
	}

}
