package io.sitestream.notification.stomp;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.sitestream.notification.channel.ChannelHints;
import io.sitestream.notification.channel.ChannelLog;
import io.sitestream.notification.channel.ContinuityLoss;
import io.sitestream.notification.channel.Cursor;
import io.sitestream.notification.channel.ForeignChannelException;
import io.sitestream.notification.channel.LogEntry;
import io.sitestream.notification.channel.LogPage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's way through its channel. It reads the log behind its own cursor, a
 * page at a time, sends the page, and goes on; at the end it waits for a hint, or for a
 * while. So what is old, what is live and what a lost hint has hidden take the same way,
 * on one thread, in order. The next page is read when the last one is sent: a slow client
 * costs a page of memory and nobody else's time.
 */
final class ChannelSubscription implements Runnable {

	private static final Logger log = LoggerFactory.getLogger(ChannelSubscription.class);

	private final SubscriptionRequest request;

	private final String account;

	private final ChannelLog channels;

	private final ChannelHints hints;

	private final Duration pollInterval;

	private final StompConnection connection;

	private final Semaphore hinted = new Semaphore(0);

	private volatile boolean active = true;

	private boolean accepted;

	private boolean failing;

	ChannelSubscription(SubscriptionRequest request, String account, ChannelLog channels, ChannelHints hints,
			Duration pollInterval, StompConnection connection) {
		this.request = request;
		this.account = account;
		this.channels = channels;
		this.hints = hints;
		this.pollInterval = pollInterval;
		this.connection = connection;
	}

	/**
	 * Ends the subscription. A frame that is being sent is finished, none follows.
	 */
	void cancel() {
		this.active = false;
		wake();
	}

	boolean isActive() {
		return this.active && this.connection.isOpen();
	}

	@Override
	public void run() {
		try (ChannelHints.Listening listening = this.hints.listen(this.request.channelId(), this::wake)) {
			@Nullable Cursor cursor = this.request.start().orElse(null);
			while (isActive()) {
				cursor = advance(cursor);
			}
		}
		catch (ForeignChannelException ex) {
			this.connection.fail(StompFault.of(String.valueOf(ex.getMessage()), "Choose a channel id of your own."),
					this.request.receipt());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private @Nullable Cursor advance(@Nullable Cursor cursor) throws InterruptedException {
		LogPage page;
		try {
			page = this.channels.read(this.request.channelId(), this.account, (cursor != null) ? cursor.position() : 0);
		}
		catch (ForeignChannelException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			failed(ex);
			return cursor;
		}
		this.failing = false;
		accept();
		if (cursor == null) {
			return deliver(page, page.beginning());
		}
		ContinuityLoss loss = cursor.lossIn(page).orElse(null);
		if (loss != null) {
			Cursor beginning = page.beginning();
			send(this.request.frames().continuityLost(beginning, loss));
			return beginning;
		}
		return deliver(page, cursor);
	}

	private Cursor deliver(LogPage page, Cursor cursor) throws InterruptedException {
		Cursor reached = cursor;
		for (LogEntry entry : page.entries()) {
			send(this.request.frames().message(entry, page.epoch()));
			reached = reached.behind(entry);
		}
		if (reached.position() == page.last()) {
			pause(this.pollInterval);
		}
		return reached;
	}

	private void send(byte[] frame) {
		this.connection.send(frame, this::isActive);
	}

	private void accept() {
		if (!this.accepted) {
			this.accepted = true;
			this.connection.receipt(this.request.receipt());
		}
	}

	private void failed(RuntimeException ex) throws InterruptedException {
		if (!this.failing) {
			this.failing = true;
			log.warn("A channel of account {} cannot be read and will be tried again: {}", this.account,
					ex.getMessage());
		}
		pause(Duration.ofSeconds(1));
	}

	private void pause(Duration duration) throws InterruptedException {
		long millis = duration.toMillis();
		long spread = ThreadLocalRandom.current().nextLong(millis / 5 + 1);
		if (this.hinted.tryAcquire(millis - spread, TimeUnit.MILLISECONDS)) {
			this.hinted.drainPermits();
		}
	}

	private void wake() {
		this.hinted.release();
	}

}
