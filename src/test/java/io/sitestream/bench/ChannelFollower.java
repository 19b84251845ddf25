package io.sitestream.bench;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;

/**
 * Follows a channel on a thread of its own, and checks that its positions are gapless. It
 * may drop its connection at random, as a browser on a train does, and goes on behind the
 * last frame that it has.
 */
final class ChannelFollower implements AutoCloseable {

	private static final long LONGEST_CONNECTION_MILLIS = 600;

	private final List<StompTestFrame> frames = new CopyOnWriteArrayList<>();

	private final CountDownLatch ended = new CountDownLatch(1);

	private final Random random = new Random(1);

	private final int port;

	private final String account;

	private final String channelId;

	private final int most;

	private volatile int disconnects;

	private volatile boolean closed;

	ChannelFollower(int port, String account, String channelId, int disconnects) {
		this.port = port;
		this.account = account;
		this.channelId = channelId;
		this.most = disconnects;
		Thread.ofVirtual().start(this::follow);
	}

	void awaitEnd(Duration patience) throws InterruptedException {
		if (!this.ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException("The channel told of no end within " + patience);
		}
	}

	long frames() {
		return this.frames.size();
	}

	long position() {
		return this.frames.isEmpty() ? 0 : this.frames.getLast().position();
	}

	int disconnects() {
		return this.disconnects;
	}

	List<String> bodies() {
		return this.frames.stream().map((frame) -> frame.position() + " " + frame.type() + " " + frame.body()).toList();
	}

	private void follow() {
		while (!this.closed && this.ended.getCount() > 0) {
			try (StompTestClient client = StompTestClient.connect(this.port, this.account)) {
				if (this.frames.isEmpty()) {
					client.subscribe(this.channelId);
				}
				else {
					client.subscribe(this.channelId, position(), this.frames.getLast().epoch());
				}
				listen(client);
			}
		}
	}

	private void listen(StompTestClient client) {
		long lives = (this.disconnects < this.most)
				? TimeUnit.MILLISECONDS.toNanos(this.random.nextLong(LONGEST_CONNECTION_MILLIS)) : Long.MAX_VALUE;
		long begin = System.nanoTime();
		int taken = 0;
		while (!this.closed && this.ended.getCount() > 0 && System.nanoTime() - begin < lives) {
			List<StompTestFrame> messages = client.messages();
			messages.subList(taken, messages.size()).forEach(this::take);
			taken = messages.size();
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
		if (this.ended.getCount() > 0) {
			this.disconnects++;
		}
	}

	private void take(StompTestFrame frame) {
		if (frame.position() != position() + 1) {
			throw new IllegalStateException("Frame %s came after position %d.".formatted(frame, position()));
		}
		this.frames.add(frame);
		if (frame.type().equals("contact-import.completed") || frame.type().equals("contact-import.failed")) {
			this.ended.countDown();
		}
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
