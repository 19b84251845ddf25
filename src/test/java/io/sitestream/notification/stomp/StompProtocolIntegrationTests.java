package io.sitestream.notification.stomp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import io.sitestream.SitestreamTest;
import io.sitestream.notification.Announcer;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import io.sitestream.platform.Emitter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "notification",
		properties = { "sitestream.notification.heart-beat=100ms", "sitestream.notification.tolerated-silence=500ms",
				"server.forward-headers-strategy=native",
				"sitestream.notification.allowed-origins=https://app.example.org" })
class StompProtocolIntegrationTests {

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	final String channel = Announcer.newChannel();

	@ParameterizedTest
	@ValueSource(strings = { "1.1,1.2", "1.1, 1.2", " 1.2 , 1.1" })
	void speaksVersion12(String versions) {
		try (StompTestClient client = StompTestClient.connect(this.port, Map.of("accept-version", versions))) {
			assertThat(client.awaitCommand("CONNECTED").headers()).containsEntry("version", "1.2")
				.containsEntry("heart-beat", "100,100");
		}
	}

	@Test
	void saysWhichVersionItSpeaks() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.sendConnect(Map.of("accept-version", "1.0,1.1"));

			assertThat(client.awaitCommand("ERROR").headers()).containsEntry("version", "1.2")
				.containsEntry("message", "Header accept-version is '1.0,1.1'.");
		}
	}

	@Test
	void takesConnectionsWithoutAnAccountForTheDemoAccount() {
		new Announcer(this.emitter, "demo", this.channel).announce(1);
		try (StompTestClient client = StompTestClient.connect(this.port, Map.of()).subscribe(this.channel)) {
			client.awaitMessages(1);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			accept-version:1.1        | Header accept-version is '1.1'.
			Account-Id:not allowed    | Account 'not allowed' is not allowed.
			heart-beat:often          | Header heart-beat is 'often'.
			""")
	void refusesToConnect(String header, String message) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.sendConnect(Map.of(header.split(":")[0], header.split(":")[1]));

			assertThat(client.awaitCommand("ERROR").header("message")).isEqualTo(message);
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/channels/short             | id:1                     | Channel 'short' is malformed.
					/channels/has.a.dot.inside  | id:1                     | Channel 'has.a.dot.inside' is malformed.
					/topic/0123456789abcdef     | id:1                     | Destination '/topic/0123456789abcdef' does not exist.
					/channels/0123456789abcdef  | receipt:1                | SUBSCRIBE has no header 'id'.
					/channels/0123456789abcdef  | id:1~after-position:-1   | Header after-position is '-1'.
					/channels/0123456789abcdef  | id:1~after-position:last | Header after-position is 'last'.
					/channels/0123456789abcdef  | id:1~ack:sometimes       | Header ack is 'sometimes'.
					""")
	void refusesToSubscribe(String destination, String headers, String message) {
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.sendText("SUBSCRIBE\ndestination:%s\n%s\n\n\0".formatted(destination, headers.replace('~', '\n')));

			assertThat(client.awaitCommand("ERROR").header("message")).isEqualTo(message);
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					SEND~destination:/channels/0123456789abcdef | SEND is not possible here.
					UNSUBSCRIBE~id:7                            | Subscription '7' does not exist.
					SAY~x:y                                     | The frame cannot be read: No enum constant org.springframework.messaging.simp.stomp.StompCommand.SAY.
					""")
	void refusesOtherFrames(String frame, String message) {
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.sendText(frame.replace('~', '\n') + "\n\n\0");

			assertThat(client.awaitCommand("ERROR").header("message")).isEqualTo(message);
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SUBSCRIBE", "ACK", "NACK" })
	void refusesFramesBeforeConnect(String command) {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.send(command, Map.of("id", "1", "destination", "/channels/" + this.channel));

			assertThat(client.awaitCommand("ERROR").header("message")).isEqualTo(command + " came first.");
			assertThat(client.awaitClose()).isEqualTo(1002);
		}
	}

	@Test
	void closesConnectionsThatDoNotConnectWhateverTheySend() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			// it may be closed while it sends
			await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions().until(() -> {
				if (!client.isClosed()) {
					client.sendText("\n");
				}
				return client.isClosed();
			});

			assertThat(client.awaitClose()).isEqualTo(4408);
			assertThat(client.closeReason()).matches("CONNECT did not come within \\d+ ms\\.");
		}
	}

	@Test
	void namesTheReceiptOfAFaultyFrame() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.subscribe("short", Map.of("receipt", "r-1"));

			StompTestFrame error = client.awaitCommand("ERROR");
			assertThat(error.header("receipt-id")).isEqualTo("r-1");
			assertThat(error.body())
				.isEqualTo("Channel 'short' is malformed. A channel id matches [A-Za-z0-9_-]{16,128}.");
		}
	}

	@Test
	void readsFramesInPiecesAndSeveralAtOnce() {
		new Announcer(this.emitter, "ada", this.channel).announce(1);
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.sendText("\n\nCONNECT\r\naccept-ver");
			client.sendText("sion:1.2\r\nAccount-Id:ada\r\n\r\n\0\nSUBSCRIBE\nid:1\ndestination:/chan");
			client.sendText("nels/" + this.channel + "\n\n\0\n");

			client.awaitMessages(1);
		}
	}

	@Test
	void sendsNothingAfterTheReceiptOfUnsubscribe() {
		Announcer ada = new Announcer(this.emitter, "ada", this.channel);
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.subscribe(this.channel, Map.of("id", "a")).subscribe(this.channel, Map.of("id", "b"));
			ada.announce(1);
			client.awaitMessages(2);
			client.send("UNSUBSCRIBE", Map.of("id", "a", "receipt", "gone"));
			assertThat(client.awaitCommand("RECEIPT").header("receipt-id")).isEqualTo("gone");
			ada.announce(3);

			assertThat(client.awaitMessages(5)).extracting((frame) -> frame.header("subscription"))
				.filteredOn("a"::equals)
				.hasSize(1);
		}
	}

	@Test
	void namesItsMessagesForThoseWhoAcknowledgeThem() {
		new Announcer(this.emitter, "ada", this.channel).announce(2);
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.subscribe(this.channel, Map.of("id", "a", "ack", "client"))
				.subscribe(this.channel, Map.of("id", "b", "ack", "client-individual"))
				.subscribe(this.channel, Map.of("id", "c", "ack", "auto"))
				.subscribe(this.channel, Map.of("id", "d"));

			List<StompTestFrame> messages = client.awaitMessages(8);
			assertThat(messages).allSatisfy((message) -> {
				boolean wanted = "ab".contains(message.header("subscription"));
				assertThat(message.headers().containsKey("ack")).isEqualTo(wanted);
			});
			List<String> acks = messages.stream()
				.map((message) -> message.headers().get("ack"))
				.filter(Objects::nonNull)
				.toList();
			assertThat(acks).hasSize(4).doesNotHaveDuplicates();
			client.send("ACK", Map.of("id", acks.getFirst(), "receipt", "taken"));
			client.send("NACK", Map.of("id", acks.getLast()));
			assertThat(client.awaitCommand("RECEIPT").header("receipt-id")).isEqualTo("taken");
			new Announcer(this.emitter, "ada", this.channel).announce(1);
			client.awaitMessages(12);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "receipt:again\n" })
	void takesAsManyAcknowledgementsAtOnceAsAClientSends(String receipt) throws IOException {
		try (RawWebSocket client = new RawWebSocket(this.port, 1024 * 1024)) {
			client.write("CONNECT\naccept-version:1.2\nAccount-Id:ada\n\n\0",
					"SUBSCRIBE\nid:1\nack:client\nreceipt:begun\ndestination:/channels/" + this.channel + "\n\n\0");
			client.readUntil("receipt-id:begun\n\n\0");
			client.write(IntStream.range(0, 5_000)
				.mapToObj((number) -> "ACK\nid:" + number + "\n" + receipt + "\n\0")
				.toArray(String[]::new));
			client.write("UNSUBSCRIBE\nid:1\nreceipt:ended\n\n\0");

			String answers = client.readUntil("receipt-id:ended\n\n\0");
			assertThat(answers.split("receipt-id:again", -1)).hasSize(receipt.isEmpty() ? 1 : 5_001);
		}
	}

	@Test
	void deliversEverythingToWhoHasNothing() {
		new Announcer(this.emitter, "ada", this.channel).announce(3);
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.subscribe(this.channel, Map.of("after-position", "0"));

			assertThat(client.awaitMessages(3)).extracting(StompTestFrame::type).containsOnly("test.said");
			assertThat(client.messages()).extracting(StompTestFrame::position).containsExactly(1L, 2L, 3L);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 70_000, 1_000_000 })
	void saysThatAFrameIsTooLongBeforeItCloses(int length) {
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.sendText("SUBSCRIBE\nid:1\nx:" + "x".repeat(length));

			assertThat(client.awaitCommand("ERROR").header("message"))
				.isEqualTo("The frame has more than 65536 bytes.");
			assertThat(client.awaitClose()).isEqualTo(1009);
		}
	}

	@Test
	void takesFramesThatAreLongButNotTooLong() {
		new Announcer(this.emitter, "ada", this.channel).announce(1);
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.subscribe(this.channel, Map.of("x", "é".repeat(30_000)));

			client.awaitMessages(1);
		}
	}

	@Test
	void takesItsLeaveWithAReceipt() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ada")) {
			client.send("DISCONNECT", Map.of("receipt", "bye"));

			assertThat(client.awaitCommand("RECEIPT").header("receipt-id")).isEqualTo("bye");
			assertThat(client.awaitClose()).isEqualTo(1000);
		}
	}

	@Test
	void keepsTheHeartBeatThatWasAgreed() {
		try (StompTestClient client = StompTestClient.connect(this.port, Map.of("heart-beat", "0,200"))) {
			client.awaitHeartBeats(5);
		}
	}

	@Test
	void closesConnectionsWhoseHeartBeatStops() {
		try (StompTestClient client = StompTestClient.connect(this.port, Map.of("heart-beat", "300,0"))) {
			client.sendText("\n");

			assertThat(client.awaitClose()).isEqualTo(4408);
			assertThat(client.closeReason()).matches("Nothing was heard for \\d+ ms: expected a heart-beat\\.");
		}
	}

	@Test
	void leavesConnectionsWithoutHeartBeatAlone() {
		try (StompTestClient silent = StompTestClient.connect(this.port, "ada").subscribe(this.channel)) {
			await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> !silent.isClosed());
			new Announcer(this.emitter, "ada", this.channel).announce(1);

			silent.awaitMessages(1);
		}
	}

	@Test
	void letsPagesOfTheOwnOriginInWhoseProxyEndsTls() {
		for (String scheme : List.of("https", "wss")) {
			handshakeFrom("https://pages.example.net", "X-Forwarded-Host", "pages.example.net", "X-Forwarded-Proto",
					scheme)
				.abort();
		}
		assertRefused(() -> handshakeFrom("http://pages.example.net", "X-Forwarded-Host", "pages.example.net",
				"X-Forwarded-Proto", "wss"));
		assertRefused(() -> handshakeFrom("https://evil.example.org", "X-Forwarded-Host", "pages.example.net",
				"X-Forwarded-Proto", "wss"));
	}

	@Test
	void letsOnlyPagesOfAllowedOriginsIn() {
		handshakeFrom("https://app.example.org").abort();
		handshakeFrom("http://127.0.0.1:" + this.port).abort();

		assertRefused(() -> handshakeFrom("https://evil.example.org"));
	}

	private static void assertRefused(ThrowingCallable handshake) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(handshake)
			.havingCause()
			.isInstanceOfSatisfying(WebSocketHandshakeException.class,
					(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(403));
	}

	private WebSocket handshakeFrom(String origin, String... headers) {
		WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder().header("Origin", origin);
		for (int i = 0; i < headers.length; i += 2) {
			builder.header(headers[i], headers[i + 1]);
		}
		return builder.buildAsync(URI.create("ws://127.0.0.1:" + this.port + "/ws"), new WebSocket.Listener() {
		}).join();
	}

}
