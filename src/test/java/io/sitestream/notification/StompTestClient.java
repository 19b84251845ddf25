package io.sitestream.notification;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A STOMP 1.2 client over a plain WebSocket that keeps all it gets. It shares no code
 * with the server.
 */
public final class StompTestClient implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final List<StompTestFrame> frames = new CopyOnWriteArrayList<>();

	private final AtomicInteger heartBeats = new AtomicInteger();

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private volatile String closeReason = "";

	private final AtomicInteger subscriptions = new AtomicInteger();

	private final WebSocket socket;

	private StompTestClient(int port) {
		this.socket = HTTP.newWebSocketBuilder()
			.subprotocols("v12.stomp")
			.buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), new Ears())
			.orTimeout(PATIENCE.toSeconds(), SECONDS)
			.join();
	}

	/**
	 * Connects in open mode.
	 * @param port the HTTP port
	 * @param account the account
	 * @return a client whose CONNECT was accepted
	 */
	public static StompTestClient connect(int port, String account) {
		return connect(port, Map.of("Account-Id", account));
	}

	public static StompTestClient connect(int port, Map<String, String> headers) {
		StompTestClient client = open(port);
		client.sendConnect(headers);
		client.awaitCommand("CONNECTED");
		return client;
	}

	/**
	 * Opens the WebSocket alone.
	 * @param port the HTTP port
	 * @return a client that has not sent CONNECT
	 */
	public static StompTestClient open(int port) {
		return new StompTestClient(port);
	}

	public void sendConnect(Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(Map.of("accept-version", "1.2", "host", "localhost"));
		all.putAll(headers);
		send("CONNECT", all);
	}

	/**
	 * Subscribes to all of a channel that is kept, and to what comes.
	 * @param channelId the channel
	 * @return this
	 */
	public StompTestClient subscribe(String channelId) {
		return subscribe(channelId, Map.of());
	}

	/**
	 * Goes on behind what was received before.
	 * @param channelId the channel
	 * @param afterPosition the last position received, 0 for none
	 * @param epoch its epoch
	 * @return this
	 */
	public StompTestClient subscribe(String channelId, long afterPosition, String epoch) {
		return subscribe(channelId, Map.of("after-position", Long.toString(afterPosition), "epoch", epoch));
	}

	public StompTestClient subscribe(String channelId, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.putIfAbsent("id", "sub-" + this.subscriptions.incrementAndGet());
		all.put("destination", "/channels/" + channelId);
		return send("SUBSCRIBE", all);
	}

	public StompTestClient send(String command, Map<String, String> headers) {
		StringBuilder frame = new StringBuilder(command).append('\n');
		headers.forEach((name, value) -> frame.append(name).append(':').append(value).append('\n'));
		return sendText(frame.append("\n\0").toString());
	}

	public synchronized StompTestClient sendText(String text) {
		this.socket.sendText(text, true).orTimeout(PATIENCE.toSeconds(), SECONDS).join();
		return this;
	}

	/**
	 * Returns the MESSAGE frames received so far.
	 * @return the frames, in order
	 */
	public List<StompTestFrame> messages() {
		return this.frames.stream().filter(StompTestFrame::isMessage).toList();
	}

	/**
	 * Waits for MESSAGE frames.
	 * @param number how many, counted from the connection's begin
	 * @return all that are there by then
	 */
	public List<StompTestFrame> awaitMessages(int number) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages()).hasSizeGreaterThanOrEqualTo(number));
		return messages();
	}

	/**
	 * Waits for a MESSAGE frame of a type.
	 * @param type as {@code contact-import.completed}
	 * @return the first
	 */
	public StompTestFrame awaitMessage(String type) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(messages()).extracting(StompTestFrame::type).contains(type));
		return messages().stream().filter((frame) -> frame.type().equals(type)).findFirst().orElseThrow();
	}

	/**
	 * Waits for a frame of another command, as {@code ERROR} or {@code RECEIPT}.
	 * @param command the command
	 * @return the first
	 */
	public StompTestFrame awaitCommand(String command) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.frames).extracting(StompTestFrame::command).contains(command));
		return this.frames.stream().filter((frame) -> frame.command().equals(command)).findFirst().orElseThrow();
	}

	/**
	 * Whether a subscription that asked for a receipt was accepted.
	 * @return whether a receipt has come
	 */
	public boolean isSubscribed() {
		return this.frames.stream().anyMatch((frame) -> frame.command().equals("RECEIPT"));
	}

	public void awaitHeartBeats(int number) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.heartBeats).hasValueGreaterThanOrEqualTo(number));
	}

	/**
	 * Waits until the server has closed the connection.
	 * @return the status code, 1006 when there was none
	 */
	public int awaitClose() {
		return this.closed.orTimeout(PATIENCE.toSeconds(), SECONDS).join();
	}

	/**
	 * Why the server has closed the connection.
	 * @return the reason that came with the status code
	 */
	public String closeReason() {
		return this.closeReason;
	}

	public boolean isClosed() {
		return this.closed.isDone();
	}

	/**
	 * Drops the connection as a dead network does, without a word.
	 */
	public void drop() {
		this.socket.abort();
	}

	@Override
	public void close() {
		drop();
	}

	private final class Ears implements WebSocket.Listener {

		private final StringBuilder text = new StringBuilder();

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.text.append(data);
			int end;
			while (skipHeartBeats() && (end = this.text.indexOf("\0")) >= 0) {
				StompTestClient.this.frames.add(StompTestFrame.parse(this.text.substring(0, end)));
				this.text.delete(0, end + 1);
			}
			socket.request(1);
			return CompletableFuture.completedStage(null);
		}

		private boolean skipHeartBeats() {
			while (!this.text.isEmpty() && this.text.charAt(0) == '\n') {
				this.text.deleteCharAt(0);
				StompTestClient.this.heartBeats.incrementAndGet();
			}
			return !this.text.isEmpty();
		}

		@Override
		public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
			StompTestClient.this.closeReason = reason;
			StompTestClient.this.closed.complete(statusCode);
			return CompletableFuture.completedStage(null);
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			StompTestClient.this.closed.complete(1006);
		}

	}

}
