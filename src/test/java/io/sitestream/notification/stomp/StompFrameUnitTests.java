package io.sitestream.notification.stomp;

import java.nio.ByteBuffer;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class StompFrameUnitTests {

	@Test
	void writesWhatOthersRead() {
		byte[] frame = StompFrame.named("MESSAGE")
			.header("type", "a:b\\c\nd\re")
			.header("absent", null)
			.body("naïve \0 body".getBytes(UTF_8));

		List<Message<byte[]>> read = new StompDecoder().decode(ByteBuffer.wrap(frame));
		assertThat(read).hasSize(1);
		StompHeaderAccessor headers = StompHeaderAccessor.wrap(read.getFirst());
		assertThat(headers.getFirstNativeHeader("type")).isEqualTo("a:b\\c\nd\re");
		assertThat(headers.containsNativeHeader("absent")).isFalse();
		assertThat(headers.getContentLength()).isEqualTo("naïve \0 body".getBytes(UTF_8).length);
		assertThat(new String(read.getFirst().getPayload(), UTF_8)).isEqualTo("naïve \0 body");
	}

	@Test
	void doesNotEscapeTheHeadersOfConnected() {
		byte[] frame = StompFrame.named("CONNECTED").header("session", "a:b").withoutBody();

		assertThat(new String(frame, UTF_8)).isEqualTo("CONNECTED\nsession:a:b\n\n\0");
	}

}
