package io.sitestream.platform;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Tells the JSON reader which members must be there, from the records themselves: all
 * whose component is neither {@code @Nullable} nor {@link AddedLater}. Of lists and maps
 * no element may be {@code null} unless its type says so.
 */
final class RequiredMembers extends JacksonAnnotationIntrospector {

	private static final JsonSetter.Value REQUIRED = JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL);

	private final transient Map<RecordComponent, JsonSetter.Value> rules = new ConcurrentHashMap<>();

	@Override
	public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
		return component(annotated).map((component) -> this.rules.computeIfAbsent(component, RequiredMembers::rule))
			.orElseGet(() -> super.findSetterInfo(config, annotated));
	}

	private static JsonSetter.Value rule(RecordComponent component) {
		Nulls elements = hasNullableElements(component.getAnnotatedType()) ? Nulls.SET : Nulls.FAIL;
		if (component.isAnnotationPresent(AddedLater.class)) {
			return REQUIRED.withValueNulls(component.getType().isPrimitive() ? Nulls.AS_EMPTY : Nulls.SET, elements);
		}
		// RawJson knows itself what an absent value is, and what null
		boolean isAllowed = isNullable(component.getAnnotatedType()) || component.getType() == RawJson.class;
		return REQUIRED.withValueNulls(isAllowed ? Nulls.SET : Nulls.FAIL, elements);
	}

	private static boolean isNullable(AnnotatedType type) {
		return type.isAnnotationPresent(Nullable.class);
	}

	private static boolean hasNullableElements(AnnotatedType type) {
		return type instanceof AnnotatedParameterizedType generic
				&& Stream.of(generic.getAnnotatedActualTypeArguments())
					.anyMatch((element) -> isNullable(element) || hasNullableElements(element));
	}

	private static Optional<RecordComponent> component(Annotated annotated) {
		if (annotated instanceof AnnotatedParameter parameter && parameter.getDeclaringClass().isRecord()) {
			RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
			return (parameter.getOwner().getParameterCount() == components.length)
					? Optional.of(components[parameter.getIndex()]) : Optional.empty();
		}
		if (annotated instanceof AnnotatedMember member && member.getDeclaringClass().isRecord()) {
			return Arrays.stream(member.getDeclaringClass().getRecordComponents())
				.filter((component) -> component.getName().equals(member.getName()))
				.findFirst();
		}
		return Optional.empty();
	}

}
