package io.sitestream.platform;

/**
 * What a serverless runtime calls with its own events: takes one as bytes and answers in
 * the runtime's form.
 */
public interface EventFunction {

	/**
	 * Processes an event.
	 * @param event the event's JSON
	 * @return the answer's JSON, which names what has to come again
	 * @throws IllegalArgumentException if it is not such an event, or has records that
	 * the function does not take
	 * @throws RuntimeException if the whole event has to come again
	 */
	byte[] call(byte[] event);

}
