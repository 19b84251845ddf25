package io.sitestream.platform.serverless.lambda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.sitestream.platform.EventFunction;
import io.sitestream.platform.FunctionCalls;
import io.sitestream.platform.FunctionFailedException;
import io.sitestream.platform.RecordFormat;

/**
 * Hands the events of a Kafka event source to the one function of this process, partition
 * by partition, by the same code that takes polled batches: a record that cannot be
 * processed is kept as a dead letter and does not come again. A partition whose records
 * fail for any other reason, such as a server that is away, holds up no other one, and
 * has to come again from the first of them; repetition is harmless.
 */
final class LambdaFunction implements EventFunction {

	private final String name;

	private final FunctionCalls functions;

	private final RecordFormat format;

	private final boolean reporting;

	LambdaFunction(String name, FunctionCalls functions, RecordFormat format, boolean reporting) {
		this.name = name;
		this.functions = functions;
		this.format = format;
		this.reporting = reporting;
	}

	/**
	 * {@inheritDoc}
	 * @throws EventFailedException if something has to come again and is not to be
	 * reported in the answer
	 */
	@Override
	public byte[] call(byte[] event) {
		Map<String, FunctionFailedException> failed = new LinkedHashMap<>();
		List<BatchItemFailures.Failure> failures = new ArrayList<>();
		this.format.read(event, KafkaEvent.class).partitions().forEach((partition, records) -> {
			try {
				this.functions.call(this.name, records);
			}
			catch (FunctionFailedException ex) {
				failed.put(partition, ex);
				failures.add(BatchItemFailures.from(partition, records.getFirst().position().offset()));
			}
		});
		if (!failed.isEmpty() && !this.reporting) {
			throw new EventFailedException(this.name, failed);
		}
		return this.format.write(new BatchItemFailures(failures));
	}

}
