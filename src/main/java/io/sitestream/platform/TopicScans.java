package io.sitestream.platform;

/**
 * Opens scans of topics.
 */
public interface TopicScans {

	/**
	 * Opens a scan. It connects at its first poll.
	 * @param topic the topic
	 * @param group the full name of a group of its own
	 * @param <T> the type of the values
	 * @return the scan, which reads committed records
	 */
	<T> TopicScan<T> open(Topic<T> topic, String group);

}
