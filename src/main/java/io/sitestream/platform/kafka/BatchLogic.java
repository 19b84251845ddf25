package io.sitestream.platform.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.sitestream.platform.Consumed;
import io.sitestream.platform.Emission;
import io.sitestream.platform.Position;
import io.sitestream.platform.RawRecord;
import io.sitestream.platform.TraceHeaders;
import io.sitestream.platform.UnprocessableRecordException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the records of a poll to the logic, sets aside those that cannot be processed,
 * and sends what the logic returns.
 *
 * @param <T> what the values have in common
 */
final class BatchLogic<T> implements BiConsumer<String, List<RawRecord>> {

	private static final Logger log = LoggerFactory.getLogger(BatchLogic.class);

	private final Function<List<Consumed<T>>, List<Emission>> logic;

	private final BiFunction<RawRecord, Throwable, List<Emission>> letterAnswer;

	private final RecordReader<T> reader;

	private final RecordWriter writer;

	private final RecordSender sender;

	private final DeadLetterSender deadLetters;

	private final FunctionSettings settings;

	private final FunctionMetrics metrics;

	private final Traces traces;

	BatchLogic(Function<List<Consumed<T>>, List<Emission>> logic,
			BiFunction<RawRecord, Throwable, List<Emission>> letterAnswer, RecordReader<T> reader, RecordWriter writer,
			RecordSender sender, DeadLetterSender deadLetters, FunctionSettings settings, FunctionMetrics metrics,
			Traces traces) {
		this.logic = logic;
		this.letterAnswer = letterAnswer;
		this.reader = reader;
		this.writer = writer;
		this.sender = sender;
		this.deadLetters = deadLetters;
		this.settings = settings;
		this.metrics = metrics;
		this.traces = traces;
	}

	@Override
	public void accept(String function, List<RawRecord> records) {
		List<DeadLetter> letters = new ArrayList<>();
		List<Consumed<T>> readable = new ArrayList<>(records.size());
		for (RawRecord record : records) {
			try {
				readable.add(this.reader.read(record));
			}
			catch (UnprocessableRecordException ex) {
				letters.add(new DeadLetter(record, ex));
			}
		}
		try (Traces.Processing<T> processing = this.traces.begin(function, readable)) {
			process(function, records, processing, letters);
		}
	}

	private void process(String function, List<RawRecord> records, Traces.Processing<T> processing,
			List<DeadLetter> letters) {
		try {
			send(function, processing.caused(apply(new ArrayList<>(processing.records()), records, letters)), letters);
		}
		catch (RuntimeException ex) {
			processing.failed(ex);
			throw ex;
		}
		this.metrics.processed(function, records.size(), letters.size());
	}

	private void send(String function, List<Emission> emissions, List<DeadLetter> letters) {
		letters.forEach((letter) -> log.warn("{} cannot process {}: {}", function, letter.origin().position(),
				letter.cause().toString()));
		if (this.settings.isGrouped(function)) {
			this.deadLetters.send(function, letters, this.sender);
		}
		List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>(emissions.size() + letters.size());
		String module = this.settings.module(function);
		emissions.forEach((emission) -> out.add(this.writer.record(emission, module)));
		letters.forEach((letter) -> this.letterAnswer.apply(letter.origin(), letter.cause())
			.forEach((emission) -> out
				.add(this.writer.record(emission.withHeaders(TraceHeaders.of(letter.origin().headers())), module))));
		this.sender.send(function, out);
	}

	private List<Emission> apply(List<Consumed<T>> readable, List<RawRecord> records, List<DeadLetter> letters) {
		if (records.isEmpty()) {
			return call(readable);
		}
		while (!readable.isEmpty()) {
			try {
				return call(readable);
			}
			catch (UnprocessableRecordException ex) {
				Map<Position, UnprocessableRecordException> faults = new LinkedHashMap<>();
				ex.faults().forEach((fault) -> faults.put(fault.position(), fault));
				if (!readable.removeIf((record) -> faults.containsKey(record.position()))) {
					throw ex;
				}
				faults.forEach((position, fault) -> letters.add(letter(position, records, fault)));
			}
			catch (RuntimeException ex) {
				if (!Faults.isPermanent(ex)) {
					throw ex;
				}
				log.warn("Processing failed on one of {} records, which is searched for.", readable.size(), ex);
				return search(readable, ex, records, letters);
			}
		}
		return List.of();
	}

	/**
	 * Halves the records again and again until those that cannot be processed stand
	 * alone, so that one of 5,000 costs a dozen calls and not 5,000.
	 */
	private List<Emission> search(List<Consumed<T>> suspects, RuntimeException fault, List<RawRecord> records,
			List<DeadLetter> letters) {
		if (suspects.size() == 1) {
			letters.add(letter(suspects.getFirst().position(), records, fault));
			return List.of();
		}
		List<Emission> emissions = new ArrayList<>();
		int middle = suspects.size() / 2;
		for (List<Consumed<T>> half : List.of(suspects.subList(0, middle), suspects.subList(middle, suspects.size()))) {
			try {
				emissions.addAll(call(half));
			}
			catch (RuntimeException ex) {
				if (!Faults.isPermanent(ex)) {
					throw ex;
				}
				emissions.addAll(search(half, ex, records, letters));
			}
		}
		return emissions;
	}

	private List<Emission> call(List<Consumed<T>> records) {
		try {
			return this.logic.apply(List.copyOf(records));
		}
		catch (StackOverflowError | LinkageError ex) {
			throw new ProgramErrorException(ex);
		}
	}

	private static DeadLetter letter(Position position, List<RawRecord> records, Throwable cause) {
		RawRecord origin = records.stream()
			.filter((record) -> record.position().equals(position))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No record at " + position + " in this batch.", cause));
		return new DeadLetter(origin, cause);
	}

}
