package io.sitestream.servers;

/**
 * A real server on 127.0.0.1 that keeps all it knows in one folder. It can be started
 * again after a stop, on the same port and with the same data. Not thread-safe.
 */
public interface LocalServer extends AutoCloseable {

	/**
	 * Starts the server and returns when it answers. Does nothing when it runs.
	 */
	void start();

	/**
	 * Stops the server and returns when it has ended; its data stays. Does nothing when
	 * it does not run.
	 */
	void stop();

	boolean isRunning();

	int port();

	default String address() {
		return "127.0.0.1:" + port();
	}

	@Override
	default void close() {
		stop();
	}

}
