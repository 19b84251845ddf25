package io.sitestream.notification.stomp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * One client's WebSocket. A thread of its own takes what came in, in order, and keeps the
 * heart-beat; frames go out one at a time, on the thread of whoever sends. Nothing is
 * buffered for a client that does not read: its senders wait, and when one frame takes
 * too long the container breaks the connection. Nobody else waits for it.
 */
final class StompConnection {

	static final int LONGEST_FRAME = 64 * 1024;

	private static final Logger log = LoggerFactory.getLogger(StompConnection.class);

	private static final int WAITING_FRAMES = 256;

	/** A client may miss some heart-beats: browsers slow down pages that are not seen. */
	private static final int TOLERATED_SILENCE = 3;

	private static final long TIME_TO_CONNECT = Duration.ofSeconds(10).toMillis();

	private final BlockingQueue<ByteBuffer> inbox = new LinkedBlockingQueue<>(WAITING_FRAMES);

	private final ReentrantLock sending = new ReentrantLock();

	private final WebSocketSession session;

	private final Duration shortestHeartBeat;

	private volatile boolean open = true;

	private volatile long received = System.nanoTime();

	private volatile long sent = System.nanoTime();

	private @Nullable HeartBeat heartBeat;

	StompConnection(WebSocketSession session, Duration shortestHeartBeat) {
		this.session = session;
		this.shortestHeartBeat = shortestHeartBeat;
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
		if (!this.inbox.offer(bytes)) {
			log.info("Connection {} is closed: more than {} messages wait.", id(), WAITING_FRAMES);
			close(CloseStatus.POLICY_VIOLATION);
		}
	}

	/**
	 * The client has connected: from now on heart-beats count.
	 * @param wishes its header {@code heart-beat}, or {@code null}
	 */
	void connected(@Nullable String wishes) {
		this.heartBeat = HeartBeat.agreed(wishes, this.shortestHeartBeat);
		long shortest = this.shortestHeartBeat.toMillis();
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
			.header("receipt-id", receipt)
			.header("content-type", "text/plain;charset=UTF-8")
			.body(fault.text().getBytes(StandardCharsets.UTF_8)));
		close(CloseStatus.PROTOCOL_ERROR);
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
		this.inbox.offer(ByteBuffer.allocate(0));
	}

	private void run(StompSession stomp) {
		try (stomp) {
			while (this.open) {
				ByteBuffer bytes = this.inbox.poll(untilNextBeat(), TimeUnit.MILLISECONDS);
				if (bytes != null) {
					stomp.received(bytes);
				}
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
			return TIME_TO_CONNECT;
		}
		long outgoing = (agreed.outgoing() > 0) ? agreed.outgoing() / 2 : Long.MAX_VALUE;
		long incoming = (agreed.incoming() > 0) ? agreed.incoming() : Long.MAX_VALUE;
		return Math.max(1, Math.min(outgoing, incoming));
	}

	private void beat() {
		HeartBeat agreed = this.heartBeat;
		if (agreed == null) {
			closeAfterSilence(TIME_TO_CONNECT);
			return;
		}
		if (agreed.incoming() > 0) {
			closeAfterSilence(agreed.incoming() * TOLERATED_SILENCE);
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

	private void closeAfterSilence(long millis) {
		if (this.open && since(this.received) >= millis) {
			log.info("Connection {} is closed: the client was silent for {} ms.", id(), since(this.received));
			close(CloseStatus.SESSION_NOT_RELIABLE);
		}
	}

	private static long since(long nanoTime) {
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
	}

}
