package io.sitestream.contactjobs.intake;

import java.util.concurrent.Semaphore;

import org.springframework.stereotype.Component;

/**
 * How much of all uploads of this process may be on its way to Kafka without an
 * acknowledgement: 1 MiB. A broker that takes 300 KiB a second acknowledges that before
 * the producer gives up on it, however many uploads there are, and what else is sent
 * waits behind no more than that. Whoever waits longest is first.
 */
@Component
final class SendWindow {

	static final int BYTES = 1024 * 1024;

	private final Semaphore free = new Semaphore(BYTES, true);

	/**
	 * Waits until there is room.
	 * @param bytes how much is to be sent; what is larger than the window has it alone
	 * @return what has to be given back
	 */
	int take(long bytes) {
		int part = (int) Math.min(BYTES, bytes);
		this.free.acquireUninterruptibly(part);
		return part;
	}

	void giveBack(int part) {
		this.free.release(part);
	}

}
