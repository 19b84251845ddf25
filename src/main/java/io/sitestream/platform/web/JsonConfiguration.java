package io.sitestream.platform.web;

import java.util.Set;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static tools.jackson.databind.cfg.CoercionInputShape.Boolean;
import static tools.jackson.databind.cfg.CoercionInputShape.EmptyString;
import static tools.jackson.databind.cfg.CoercionInputShape.Float;
import static tools.jackson.databind.cfg.CoercionInputShape.Integer;
import static tools.jackson.databind.cfg.CoercionInputShape.String;

/**
 * JSON over HTTP. What comes by Kafka is read by
 * {@link io.sitestream.platform.RecordFormat}.
 */
@Configuration(proxyBeanMethods = false)
class JsonConfiguration implements WebMvcConfigurer {

	/** What is no JSON, and comes with libraries that other things need. */
	private static final Set<String> OTHER_FORMATS = Set.of("yaml", "x-yaml", "xml", "cbor", "x-jackson-smile");

	/**
	 * A number is no text and a text no number: who sends one for the other has made a
	 * mistake and is told so. So has who gives a property twice, of which only one would
	 * be taken, or half of a character.
	 */
	@Bean
	JsonMapperBuilderCustomizer strictScalars() {
		return (json) -> strict(json)
			.withCoercionConfig(LogicalType.Textual, (type) -> refuse(type, Integer, Float, Boolean))
			.withCoercionConfig(LogicalType.Integer, (type) -> refuse(type, String, EmptyString, Float, Boolean))
			.withCoercionConfig(LogicalType.Float, (type) -> refuse(type, String, EmptyString, Boolean))
			.withCoercionConfig(LogicalType.Boolean, (type) -> refuse(type, String, EmptyString, Integer, Float));
	}

	static JsonMapper.Builder strict(JsonMapper.Builder json) {
		return json.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
			.addModule(new SimpleModule("whole texts").addDeserializer(String.class, new WholeTextDeserializer()));
	}

	private static void refuse(MutableCoercionConfig type, CoercionInputShape... shapes) {
		for (CoercionInputShape shape : shapes) {
			type.setCoercion(shape, CoercionAction.Fail);
		}
	}

	/**
	 * Bodies of actuator operations are read as maps of texts, whatever their scalars
	 * are. Nothing is read or answered in another format than JSON because a library for
	 * it happens to be there.
	 */
	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
		converters.addCustomConverter(new OperationBodyConverter())
			.configureMessageConvertersList((list) -> list.removeIf(JsonConfiguration::isOfAnotherFormat));
	}

	private static boolean isOfAnotherFormat(HttpMessageConverter<?> converter) {
		return converter.getSupportedMediaTypes()
			.stream()
			.anyMatch((type) -> OTHER_FORMATS.contains(type.getSubtype())
					|| (type.getSubtypeSuffix() != null && OTHER_FORMATS.contains(type.getSubtypeSuffix())));
	}

	/**
	 * Names of dead-letter topics end like a file that a browser might run: they are
	 * none.
	 */
	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.mediaType("dlq", MediaType.APPLICATION_JSON);
	}

}
