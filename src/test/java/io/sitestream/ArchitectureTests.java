package io.sitestream;

import java.util.function.Consumer;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.sitestream.platform.Preconditions;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.sitestream");

	@Test
	void theHttpEdgesArePackagePrivate() {
		check(classes().that().areAnnotatedWith(RestController.class).should().notBePublic());
		check(classes().that().areAnnotatedWith(Configuration.class).should().notBePublic());
		check(methods().that().haveRawReturnType(RouterFunction.class).should().notBePublic());
	}

	@Test
	void functionBeansLiveOnlyInFunctions() {
		check(methods().that()
			.areAnnotatedWith(Bean.class)
			.and()
			.haveRawReturnType(Consumer.class)
			.should()
			.beDeclaredInClassesThat()
			.haveSimpleNameEndingWith("Functions")
			.andShould()
			.notBePublic()
			.andShould(beOneLine()));
	}

	@Test
	void logicKnowsNoMessagingType() {
		check(noClasses().that()
			.resideOutsideOfPackage("io.sitestream.platform..")
			.and()
			.haveSimpleNameNotEndingWith("Functions")
			.and()
			.resideOutsideOfPackages("io.sitestream.notification.stomp..")
			.and()
			.doNotHaveSimpleName("Projections")
			.and()
			.haveSimpleNameNotStartingWith("Kafka")
			.and()
			.haveSimpleNameNotStartingWith("Debezium")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.messaging..", "org.springframework.cloud.stream..",
					"org.springframework.kafka..", "org.apache.kafka.."));
	}

	/** A write that does not even take them would pass preconditions over. */
	@Test
	void everyWriteOverHttpTakesItsPreconditions() {
		ArchRule writes = methods().that()
			.areAnnotatedWith(PutMapping.class)
			.or()
			.areAnnotatedWith(DeleteMapping.class)
			.or()
			.areAnnotatedWith(PatchMapping.class)
			.or()
			.areAnnotatedWith(PostMapping.class)
			.should(new ArchCondition<>("take Preconditions, unless a function or a look is called by POST") {
				@Override
				public void check(JavaMethod method, ConditionEvents events) {
					boolean takes = method.getRawParameterTypes()
						.stream()
						.anyMatch((type) -> type.isEquivalentTo(Preconditions.class));
					boolean isCall = method.getOwner().getSimpleName().equals("FunctionsController");
					events.add(new SimpleConditionEvent(method, takes || isCall, method.getFullName()));
				}
			});

		check(writes);
	}

	@Test
	void nothingIsNamedAfterNothing() {
		check(classes().should(new ArchCondition<JavaClass>("be named after what they are") {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean vague = type.getSimpleName().matches(".*(Manager|Helper|Utils?|Impl|Dto|Info|Common)");
				boolean subclass = type.getSimpleName().equals("FencingTransactionManager");
				events.add(new SimpleConditionEvent(type, !vague || subclass, type.getName()));
			}
		}));
	}

	@Test
	void theRulesSeeTheClassesTheyAreAbout() {
		assertThat(CLASSES.stream().filter((type) -> type.isAnnotatedWith(RestController.class)).count())
			.isGreaterThan(3);
		assertThat(CLASSES.stream().filter((type) -> type.getSimpleName().endsWith("Functions")).count())
			.isGreaterThan(3);
	}

	private static ArchCondition<JavaMethod> beOneLine() {
		return new ArchCondition<>("be one line that hands over to the edge") {
			@Override
			public void check(JavaMethod method, ConditionEvents events) {
				long lines = method.getAccessesFromSelf()
					.stream()
					.map((access) -> access.getLineNumber())
					.distinct()
					.count();
				// a declaration has at most from, to, atMostEvery, partitions and its
				// logic
				events.add(new SimpleConditionEvent(method, lines <= 5,
						method.getFullName() + " has " + lines + " lines"));
			}
		};
	}

	private static void check(ArchRule rule) {
		rule.check(CLASSES);
	}

}
