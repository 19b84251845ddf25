package io.sitestream.notification.stomp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.BufferingStompDecoder;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompConversionException;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * What a client has sent and its connection's thread has not taken yet. The container's
 * thread takes the bytes apart. What asks for nothing, heart-beats and acknowledgements,
 * ends there: a client may send as many as it likes. The rest waits in order, up to a
 * bound.
 */
final class StompInbox {

	/** What a frame takes in memory besides its text, roughly. */
	private static final int FRAME = 200;

	private static final long MOST_BYTES = 4 * 1024 * 1024;

	private final BufferingStompDecoder decoder = new BufferingStompDecoder(new StompDecoder(),
			StompConnection.LONGEST_FRAME);

	private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

	private final AtomicLong waiting = new AtomicLong();

	private boolean broken;

	private boolean begun;

	/**
	 * Takes what came in. Never blocks. Called by one thread at a time.
	 * @param bytes part of a frame, or frames; they may be used again afterwards
	 * @return whether there is room for more
	 */
	boolean received(ByteBuffer bytes) {
		// behind what cannot be read, nobody knows where a frame begins
		if (!this.broken) {
			try {
				decode(bytes).stream().map(StompHeaderAccessor::wrap).forEach(this::frame);
			}
			catch (StompFault ex) {
				this.broken = true;
				add(new Arrival((session) -> session.fail(ex), FRAME));
			}
		}
		return this.waiting.get() <= MOST_BYTES;
	}

	/**
	 * Hands the next frame over.
	 * @param session who takes it
	 * @param patience how long to wait for one, in milliseconds
	 * @throws InterruptedException if the thread is interrupted
	 */
	void handOver(StompSession session, long patience) throws InterruptedException {
		Arrival next = this.arrivals.poll(patience, TimeUnit.MILLISECONDS);
		if (next != null) {
			next.action().accept(session);
			this.waiting.addAndGet(-next.bytes());
		}
	}

	/** Ends a wait for the next frame. */
	void wake() {
		add(new Arrival((session) -> {
		}, 0));
	}

	private List<Message<byte[]>> decode(ByteBuffer bytes) {
		if (this.decoder.getBufferSize() + bytes.remaining() > StompConnection.LONGEST_FRAME) {
			throw StompFault.tooLong(StompConnection.LONGEST_FRAME);
		}
		try {
			byte[] copy = new byte[bytes.remaining()];
			bytes.get(copy);
			return this.decoder.decode(ByteBuffer.wrap(copy));
		}
		catch (StompConversionException | IllegalArgumentException ex) {
			throw StompFault.of("The frame cannot be read: %s.".formatted(ex.getMessage()),
					"Expected frames of STOMP 1.2 of at most %d bytes.".formatted(StompConnection.LONGEST_FRAME));
		}
	}

	private void frame(StompHeaderAccessor frame) {
		// the first frame has to be CONNECT, and whatever it is the session judges it
		if (!frame.isHeartbeat() && !(this.begun && isMereAcknowledgement(frame))) {
			this.begun = true;
			add(new Arrival((session) -> session.take(frame), FRAME + size(frame)));
		}
	}

	/** The position is the acknowledgement: these say nothing. */
	private static boolean isMereAcknowledgement(StompHeaderAccessor frame) {
		StompCommand command = frame.getCommand();
		return (command == StompCommand.ACK || command == StompCommand.NACK) && frame.getReceipt() == null;
	}

	private static int size(StompHeaderAccessor frame) {
		return frame.toNativeHeaderMap()
			.entrySet()
			.stream()
			.mapToInt((header) -> header.getKey().length()
					+ header.getValue().stream().mapToInt(StompInbox::length).sum())
			.sum();
	}

	private static int length(@Nullable String text) {
		return (text != null) ? text.length() : 0;
	}

	private void add(Arrival arrival) {
		this.waiting.addAndGet(arrival.bytes());
		this.arrivals.add(arrival);
	}

	/**
	 * Something for the connection's thread.
	 *
	 * @param action what to do
	 * @param bytes what it takes in memory, roughly
	 */
	private record Arrival(Consumer<StompSession> action, int bytes) {

	}

}
