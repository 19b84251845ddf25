package io.sitestream.notification.stomp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import io.sitestream.notification.channel.NotificationProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * One client's WebSocket. A thread of its own takes the frames that came in, in order,
 * and keeps the heart-beat; frames go out one at a time, on the thread of whoever sends.
 * Nothing is buffered for a client that does not read: its senders wait, and when one
 * frame takes too long the container breaks the connection. Nobody else waits for it.
 */
final class StompConnection {

	static final int LONGEST_FRAME = 64 * 1024;

	private static final Logger log = LoggerFactory.getLogger(StompConnection.class);

	/** The code says so to programs, the reason to people. */
	private static final int SILENT = 4408;

	private static final long TIME_TO_CONNECT = Duration.ofSeconds(10).toMillis();

	private final StompInbox inbox = new StompInbox();

	private final ReentrantLock sending = new ReentrantLock();

	private final WebSocketSession session;

	private final NotificationProperties properties;

	private volatile boolean open = true;

	private final long opened = System.nanoTime();

	private volatile long received = System.nanoTime();

	private volatile long sent = System.nanoTime();

	private @Nullable HeartBeat heartBeat;

	StompConnection(WebSocketSession session, NotificationProperties properties) {
		this.session = session;
		this.properties = properties;
	}

	void start(StompSession stomp) {
		Thread.ofVirtual().name("stomp-" + id()).start(() -> run(stomp));
	}

	String id() {
		return this.session.getId();
	}

	boolean isOpen() {
		return this.open;
	}

	/**
	 * Takes what came in. Never blocks.
	 * @param bytes part of a frame, or frames
	 */
	void received(ByteBuffer bytes) {
		this.received = System.nanoTime();
		if (this.open && !this.inbox.received(bytes)) {
			log.info("Connection {} is closed: too many frames wait.", id());
			close(CloseStatus.POLICY_VIOLATION.withReason("Too many frames wait to be answered."));
		}
	}

	/**
	 * The client has connected: from now on heart-beats count.
	 * @param wishes its header {@code heart-beat}, or {@code null}
	 */
	void connected(@Nullable String wishes) {
		this.heartBeat = HeartBeat.agreed(wishes, this.properties.heartBeat());
		long shortest = this.properties.heartBeat().toMillis();
		send(StompFrame.named("CONNECTED")
			.header("version", "1.2")
			.header("heart-beat", shortest + "," + shortest)
			.header("server", "sitestream")
			.header("session", id())
			.withoutBody());
	}

	void send(byte[] frame) {
		send(frame, this::isOpen);
	}

	/**
	 * Sends a frame when those before are sent. Returns when the connection has taken it,
	 * or is lost.
	 * @param frame the frame
	 * @param wanted asked again when its turn has come
	 */
	void send(byte[] frame, BooleanSupplier wanted) {
		this.sending.lock();
		try {
			if (this.open && wanted.getAsBoolean()) {
				this.session.sendMessage(new TextMessage(frame));
				this.sent = System.nanoTime();
			}
		}
		catch (IOException | RuntimeException ex) {
			log.info("Connection {} is closed: a frame could not be sent: {}", id(), ex.toString());
			close(CloseStatus.SESSION_NOT_RELIABLE);
		}
		finally {
			this.sending.unlock();
		}
	}

	void receipt(@Nullable String receipt) {
		if (receipt != null) {
			send(StompFrame.named("RECEIPT").header("receipt-id", receipt).withoutBody());
		}
	}

	/**
	 * Tells the client what it did wrong, and closes the connection.
	 * @param fault what it did
	 * @param receipt the receipt that the faulty frame asked for, or {@code null}
	 */
	void fail(StompFault fault, @Nullable String receipt) {
		log.info("Connection {} is closed: {}", id(), fault.text());
		send(StompFrame.named("ERROR")
			.header("message", fault.getMessage())
			.header("version", fault.version())
			.header("receipt-id", receipt)
			.header("content-type", "text/plain;charset=UTF-8")
			.body(fault.text().getBytes(StandardCharsets.UTF_8)));
		close(fault.status());
	}

	/**
	 * Closes the connection without waiting for the client.
	 * @param status why
	 */
	void close(CloseStatus status) {
		closed();
		Thread.ofVirtual().name("stomp-close-" + id()).start(() -> {
			try {
				this.session.close(status);
			}
			catch (IOException | RuntimeException ex) {
				log.debug("Connection {} was not closed in order", id(), ex);
			}
		});
	}

	/**
	 * Notes that the connection is gone.
	 */
	void closed() {
		this.open = false;
		this.inbox.wake();
	}

	private void run(StompSession stomp) {
		try (stomp) {
			while (this.open) {
				this.inbox.handOver(stomp, untilNextBeat());
				beat();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private long untilNextBeat() {
		HeartBeat agreed = this.heartBeat;
		if (agreed == null) {
			return Math.max(1, TIME_TO_CONNECT - since(this.opened));
		}
		long outgoing = (agreed.outgoing() > 0) ? agreed.outgoing() / 2 : Long.MAX_VALUE;
		long incoming = (agreed.incoming() > 0) ? agreed.incoming() : Long.MAX_VALUE;
		return Math.max(1, Math.min(outgoing, incoming));
	}

	private void beat() {
		HeartBeat agreed = this.heartBeat;
		if (agreed == null) {
			closeUnlessConnected();
			return;
		}
		if (agreed.incoming() > 0) {
			closeAfterSilence(agreed.longestSilence(this.properties.toleratedSilence()),
					"Nothing was heard for %d ms: expected a heart-beat.");
		}
		// while somebody is sending, no heart-beat is needed
		if (agreed.outgoing() > 0 && since(this.sent) >= agreed.outgoing() / 2 && this.sending.tryLock()) {
			try {
				send(StompFrame.HEART_BEAT);
			}
			finally {
				this.sending.unlock();
			}
		}
	}

	/** Whatever the client has sent meanwhile: nobody knows yet who it is. */
	private void closeUnlessConnected() {
		long waited = since(this.opened);
		if (this.open && waited >= TIME_TO_CONNECT) {
			log.info("Connection {} is closed: the client has not connected for {} ms.", id(), waited);
			close(new CloseStatus(SILENT, "CONNECT did not come within %d ms.".formatted(waited)));
		}
	}

	private void closeAfterSilence(long millis, String reason) {
		long silence = since(this.received);
		if (this.open && silence >= millis) {
			log.info("Connection {} is closed: the client was silent for {} ms.", id(), silence);
			close(new CloseStatus(SILENT, reason.formatted(silence)));
		}
	}

	private static long since(long nanoTime) {
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
	}

}
