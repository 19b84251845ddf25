package io.sitestream;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LocalApplicationUnitTests {

	@Test
	void isTheMainClassThatTheBuildRunsAmongThoseOfTheTests() throws Exception {
		assertThat(LocalApplication.class.getDeclaredMethod("main", String[].class)).isNotNull();
		assertThat(Files.readString(Path.of("pom.xml")))
			.contains("<spring-boot.run.main-class>%s</spring-boot.run.main-class>"
				.formatted(LocalApplication.class.getName()));
	}

}
