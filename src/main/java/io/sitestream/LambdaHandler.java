package io.sitestream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.stream.Stream;

import io.sitestream.platform.EventFunction;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What AWS Lambda calls: {@code io.sitestream.LambdaHandler::handleRequest}. The
 * application is started once for each execution environment, while Lambda initializes
 * it, without a web server and without consumers; which function it is for is said by
 * {@code SITESTREAM_FUNCTIONS}. A start that fails lets the initialization fail, and
 * Lambda tries again with a new environment.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html">AWS
 * Lambda: handlers in Java</a>
 */
public class LambdaHandler implements AutoCloseable {

	private final ConfigurableApplicationContext application;

	private final EventFunction function;

	/** Lambda gives settings as environment variables. */
	public LambdaHandler() {
		this(new String[0]);
	}

	/**
	 * Starts the application with settings that win over those of the environment.
	 * @param settings properties in the form {@code --name=value}
	 */
	public LambdaHandler(String... settings) {
		SpringApplication starting = new SpringApplication(SitestreamApplication.class);
		starting.setWebApplicationType(WebApplicationType.NONE);
		starting.setMainApplicationClass(SitestreamApplication.class);
		starting.setBannerMode(Banner.Mode.OFF);
		this.application = starting
			.run(Stream.concat(Stream.of(settings), Stream.of("--sitestream.serving=lambda")).toArray(String[]::new));
		this.function = this.application.getBean(EventFunction.class);
	}

	/**
	 * Processes one event.
	 * @param event the JSON of an event of a Kafka event source
	 * @param answer takes the JSON that says what has to come again
	 * @throws IOException if the event cannot be read or the answer not be written
	 */
	public void handleRequest(InputStream event, OutputStream answer) throws IOException {
		answer.write(this.function.call(event.readAllBytes()));
	}

	@Override
	public void close() {
		this.application.close();
	}

}
