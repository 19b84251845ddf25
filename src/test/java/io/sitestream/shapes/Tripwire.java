package io.sitestream.shapes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The address of a server that nobody is expected to connect to. Whoever does is counted
 * and sent away.
 */
final class Tripwire implements AutoCloseable {

	private final ServerSocket socket;

	private final AtomicInteger visits = new AtomicInteger();

	Tripwire() {
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot listen.", ex);
		}
		Thread.ofVirtual().start(this::listen);
	}

	String address() {
		return "127.0.0.1:" + port();
	}

	int port() {
		return this.socket.getLocalPort();
	}

	int visits() {
		return this.visits.get();
	}

	private void listen() {
		while (!this.socket.isClosed()) {
			try {
				this.socket.accept().close();
				this.visits.incrementAndGet();
			}
			catch (IOException ex) {
				// closed, or the visitor was
			}
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
