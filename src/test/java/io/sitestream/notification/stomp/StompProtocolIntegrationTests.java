package io.sitestream.notification.stomp;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;

import io.sitestream.SitestreamTest;
import io.sitestream.notification.Announcer;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import io.sitestream.platform.Emitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@SitestreamTest(modules = "notification", properties = { "sitestream.notification.heart-beat=100ms",
		"sitestream.notification.allowed-origins=https://app.example.org" })
class StompProtocolIntegrationTests {

	@LocalServerPort
	int port;

	@Autowired
	Emitter emitter;

	final String channel = Announcer.newChannel();

	@Test
	void speaksVersion12() {
		try (StompTestClient client = StompTestClient.connect(this.port, Map.of("accept-version", "1.1,1.2"))) {
			assertThat(client.awaitCommand("CONNECTED").headers()).containsEntry("version", "1.2")
				.containsEntry("heart-beat", "100,100");
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

	@Test
	void refusesFramesBeforeConnect() {
		try (StompTestClient client = StompTestClient.open(this.port)) {
			client.subscribe(this.channel);

			assertThat(client.awaitCommand("ERROR").header("message")).isEqualTo("SUBSCRIBE came first.");
			assertThat(client.awaitClose()).isEqualTo(1002);
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

			assertThat(client.awaitClose()).isNotEqualTo(1000);
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
	void letsOnlyPagesOfAllowedOriginsIn() {
		handshakeFrom("https://app.example.org").abort();
		handshakeFrom("http://127.0.0.1:" + this.port).abort();

		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> handshakeFrom("https://evil.example.org"))
			.havingCause()
			.isInstanceOfSatisfying(WebSocketHandshakeException.class,
					(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(403));
	}

	private WebSocket handshakeFrom(String origin) {
		return HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.header("Origin", origin)
			.buildAsync(URI.create("ws://127.0.0.1:" + this.port + "/ws"), new WebSocket.Listener() {
			})
			.join();
	}

}
