package io.sitestream;

import java.nio.file.Path;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LocalApplicationUnitTests {

	@Test
	void isTheOnlyMainClassOfTheTestsSoThatTheBuildFindsIt() {
		assertThat(new ClassFileImporter().importPath(Path.of("target", "test-classes")).stream())
			.filteredOn((type) -> type.tryGetMethod("main", String[].class).isPresent())
			.extracting(JavaClass::getName)
			.containsExactly(LocalApplication.class.getName());
	}

}
