package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.sitestream.platform.BrokerUnavailableException;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Emitter;
import io.sitestream.platform.Position;
import io.sitestream.platform.ProblemException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/**
 * Sends with acks=all through a producer that gives up in time for the caller's 5 s.
 */
final class KafkaEmitter implements Emitter {

	private static final Logger log = LoggerFactory.getLogger(KafkaEmitter.class);

	private static final long PATIENCE_MILLIS = 4_800;

	private final KafkaTemplate<byte[], byte[]> template;

	private final RecordWriter writer;

	private final Traces traces;

	KafkaEmitter(KafkaTemplate<byte[], byte[]> template, RecordWriter writer, Traces traces) {
		this.template = template;
		this.writer = writer;
		this.traces = traces;
	}

	@Override
	public CompletableFuture<Position> send(Emission emission) {
		ProducerRecord<byte[], byte[]> record = this.writer.record(emission.withHeaders(this.traces.current()),
				RecordWriter.owner(emission.topic()));
		CompletableFuture<SendResult<byte[], byte[]>> sent;
		try {
			sent = this.template.send(record);
		}
		catch (RuntimeException ex) {
			log.warn("Cannot send to {}: {}", record.topic(), ex.toString());
			return CompletableFuture.failedFuture(problem(record.topic(), ex, true));
		}
		// what fails at once never reached the producer's buffer
		boolean neverTaken = sent.isCompletedExceptionally();
		return sent.handle((result, failure) -> {
			if (failure != null) {
				log.warn("Cannot send to {}: {}", record.topic(), failure.toString());
				throw new CompletionException(problem(record.topic(), failure, neverTaken));
			}
			RecordMetadata metadata = result.getRecordMetadata();
			return new Position(metadata.topic(), metadata.partition(), metadata.offset());
		});
	}

	private static ProblemException problem(String topic, Throwable failure, boolean neverTaken) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof RecordTooLargeException) {
				return new ProblemException(HttpStatus.CONTENT_TOO_LARGE, "record-too-large",
						"What was sent fits into no record of topic '%s': %s Send less at once.".formatted(topic,
								cause.getMessage()));
			}
		}
		return new BrokerUnavailableException(topic, !neverTaken);
	}

	@Override
	public List<Position> emit(List<Emission> emissions) {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
		List<CompletableFuture<Position>> sends = new ArrayList<>(emissions.size());
		emissions.forEach((emission) -> sends.add(send(emission)));
		List<Position> positions = new ArrayList<>(emissions.size());
		for (int i = 0; i < sends.size(); i++) {
			positions.add(await(sends.get(i), deadline, emissions.get(i)));
		}
		return positions;
	}

	private static Position await(CompletableFuture<Position> send, long deadline, Emission emission) {
		try {
			return send.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerUnavailableException(emission.topic().name(), true);
		}
		catch (TimeoutException ex) {
			throw new BrokerUnavailableException(emission.topic().name(), true);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof ProblemException problem) ? problem
					: new BrokerUnavailableException(emission.topic().name(), true);
		}
	}

}
