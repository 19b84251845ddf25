package io.sitestream.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Where a runtime of AWS Lambda asks for events and leaves its answers.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">The
 * Lambda runtime API</a>
 */
final class RuntimeApi implements AutoCloseable {

	private static final String PATH = "/2018-06-01/runtime/";

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();

	private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

	private final CompletableFuture<String> initialized = new CompletableFuture<>();

	private final HttpServer server;

	RuntimeApi() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.executor);
		this.server.createContext(PATH + "invocation/next", this::next);
		this.server.createContext(PATH + "invocation/", this::answered);
		this.server.createContext(PATH + "init/error", this::failed);
		this.server.start();
	}

	String address() {
		return "127.0.0.1:" + this.server.getAddress().getPort();
	}

	/**
	 * Completes when the runtime asks for its first event.
	 * @return an empty text, or what the runtime says why it cannot be initialized
	 */
	CompletableFuture<String> initialized() {
		return this.initialized;
	}

	/**
	 * Gives the runtime an event and waits for what comes of it.
	 * @param event the event's JSON
	 * @return the answer
	 */
	Answer call(byte[] event) throws InterruptedException {
		this.events.add(event);
		Answer answer = this.answers.poll(60, TimeUnit.SECONDS);
		if (answer == null) {
			throw new AssertionError("The runtime has not answered for 60 s.");
		}
		return answer;
	}

	private void next(HttpExchange exchange) throws IOException {
		this.initialized.complete("");
		try {
			byte[] event = this.events.take();
			exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
			exchange.getResponseHeaders()
				.add("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 120_000));
			exchange.getResponseHeaders()
				.add("Lambda-Runtime-Invoked-Function-Arn",
						"arn:aws:lambda:us-east-1:123456789012:function:sitestream");
			exchange.getResponseHeaders().add("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, event.length);
			exchange.getResponseBody().write(event);
			exchange.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void answered(HttpExchange exchange) throws IOException {
		String body = accept(exchange);
		this.answers.add(new Answer(exchange.getRequestURI().getPath().endsWith("/response"), body));
	}

	private void failed(HttpExchange exchange) throws IOException {
		this.initialized.complete(accept(exchange));
	}

	private static String accept(HttpExchange exchange) throws IOException {
		String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(202, -1);
		exchange.close();
		return body;
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	/**
	 * What came of an event.
	 *
	 * @param success whether the handler returned
	 * @param body its answer, or its error
	 */
	record Answer(boolean success, String body) {

	}

}
