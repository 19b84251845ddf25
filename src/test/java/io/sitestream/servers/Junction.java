package io.sitestream.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An address that leads to a server, and later to another one, as that of a primary does
 * for clients when it fails over.
 */
public final class Junction implements AutoCloseable {

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ServerSocket entrance;

	private volatile int target;

	public Junction(int target) {
		this.target = target;
		try {
			this.entrance = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot listen", ex);
		}
		Thread.ofVirtual().name("junction").start(this::accept);
	}

	public int port() {
		return this.entrance.getLocalPort();
	}

	/**
	 * Cuts all connections; new ones lead elsewhere.
	 * @param target the port of the new target
	 */
	public void lead(int target) {
		this.target = target;
		cut();
	}

	private void cut() {
		this.sockets.forEach(Junction::close);
		this.sockets.clear();
	}

	private void accept() {
		while (!this.entrance.isClosed()) {
			try {
				Socket client = this.entrance.accept();
				this.sockets.add(client);
				Thread.ofVirtual().start(() -> connect(client));
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private void connect(Socket client) {
		try (client; Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target)) {
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			this.sockets.add(server);
			Thread.ofVirtual().start(() -> copy(server, client));
			copy(client, server);
		}
		catch (IOException ex) {
			// the client sees a closed connection
		}
	}

	private static void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// one end is closed
		}
		close(from);
		close(to);
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// as good as closed
		}
	}

	@Override
	public void close() {
		try {
			this.entrance.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot close", ex);
		}
		cut();
	}

}
