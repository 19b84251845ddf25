package io.sitestream.shapes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import io.sitestream.ApiClient;
import io.sitestream.SitestreamProcess;
import io.sitestream.TestSpace;

/**
 * One system in a space of its own, all modules of which run in one process or in
 * several.
 */
final class RunningShape implements AutoCloseable {

	private final TestSpace space = TestSpace.of();

	private final List<Part> parts;

	private RunningShape(String name, String... modules) {
		List<Part> launched = new ArrayList<>();
		for (String part : modules) {
			SitestreamProcess process = SitestreamProcess.in(this.space)
				.modules(part)
				.named(name + "-" + (launched.size() + 1))
				.launch();
			launched.add(new Part(List.of(part.split(",")), process));
		}
		this.parts = List.copyOf(launched);
	}

	/**
	 * Starts the processes without waiting for them.
	 * @param name part of the names of their logs
	 * @param modules for each process its modules, separated by commas
	 * @return processes that may not be ready yet
	 */
	static RunningShape launch(String name, String... modules) {
		return new RunningShape(name, modules);
	}

	RunningShape awaitReady() {
		forEach(SitestreamProcess::awaitReady);
		return this;
	}

	TestSpace space() {
		return this.space;
	}

	ApiClient api(String module) {
		return new ApiClient(port(module));
	}

	/**
	 * The port of the first process that has a module.
	 * @param module the module
	 * @return its port
	 */
	int port(String module) {
		return ports(module).getFirst();
	}

	/**
	 * The port of the last process that has a module, which is the only one where no
	 * other has it.
	 * @param module the module
	 * @return its port
	 */
	int otherPort(String module) {
		return ports(module).getLast();
	}

	private List<Integer> ports(String module) {
		return this.parts.stream().filter((part) -> part.has(module)).map((part) -> part.process().port()).toList();
	}

	private void forEach(Consumer<SitestreamProcess> action) {
		this.parts.stream().map(Part::process).forEach(action);
	}

	@Override
	public void close() {
		forEach(SitestreamProcess::close);
	}

	@Override
	public String toString() {
		return Arrays.toString(this.parts.stream().map(Part::modules).toArray());
	}

	/**
	 * A process and what it runs.
	 *
	 * @param modules the modules, or {@code *}
	 * @param process the process
	 */
	private record Part(List<String> modules, SitestreamProcess process) {

		boolean has(String module) {
			return this.modules.contains("*") || this.modules.contains(module);
		}

	}

}
