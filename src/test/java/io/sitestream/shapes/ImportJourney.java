package io.sitestream.shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The second pattern with fixed inputs: a file with doubles and rows that are rejected, a
 * second one that changes contacts and is undone after some of them were edited, and a
 * browser that follows both to their ends over connections to one instance and to
 * another.
 */
final class ImportJourney {

	private static final int ROWS = 1_300;

	private static final String PROGRESS = "contact-import.progress";

	private final RunningShape shape;

	private final ImportClient jobs;

	private final ImportClient contacts;

	private final ApiClient api;

	private final List<StompTestFrame> frames = new ArrayList<>();

	ImportJourney(RunningShape shape) {
		this.shape = shape;
		this.jobs = new ImportClient(shape.port("contactjobs"), "ann");
		this.contacts = new ImportClient(shape.port("contactimporter"), "ann");
		this.api = shape.api("contactimporter");
	}

	/**
	 * Imports, edits and undoes.
	 * @return the frames but those of progress, whose number depends on the time that
	 * passes between two batches; the imports, the rejected rows and the contacts
	 */
	List<String> run() {
		String first = beginAndDisconnect(firstFile());
		follow("contact-import.completed", 1);
		String second = ImportClient.accepted(this.jobs.upload(secondFile(), "&defaultRegion=DE"));
		follow("contact-import.completed", 2);
		edit(contact("late160@"));
		assertThat(this.api
			.delete("/api/contacts/" + contact("late170@").path("contactId").asString(), "Account-Id", "ann")
			.status()).isEqualTo(204);
		assertThat(this.shape.api("contactjobs").delete(second, "Account-Id", "ann").status()).isEqualTo(202);
		follow("contact-import.undone", 1);
		assertThatNothingIsMissingOrRepeated();

		List<String> state = new ArrayList<>();
		this.frames.stream()
			.filter((frame) -> !frame.type().equals(PROGRESS))
			.forEach((frame) -> state.add("frame %d %s %s".formatted(state.size(), frame.type(), frame.body())));
		for (String path : List.of(first, second)) {
			state.add("import " + ImportClient.json(this.jobs.get(path)));
			this.contacts.get(path + "/rejections").body().lines().forEach((line) -> state.add("rejected " + line));
		}
		contacts("").forEach((contact) -> state.add("contact " + contact));
		this.contacts.get("/api/contacts/export?format=csv").body().lines().forEach((line) -> state.add("csv " + line));
		return state;
	}

	private String beginAndDisconnect(String file) {
		try (StompTestClient browser = StompTestClient.connect(this.shape.port("notification"), "ann")
			.subscribe(this.jobs.channelId())) {
			String path = ImportClient.accepted(this.jobs.upload(file, "&defaultRegion=DE"));
			browser.awaitMessages(1);
			browser.drop();
			this.frames.addAll(browser.messages());
			return path;
		}
	}

	/** Goes on behind the last frame until so many of a type have come in all. */
	private void follow(String type, int times) {
		if (this.frames.stream().filter((frame) -> frame.type().equals(type)).count() == times) {
			return;
		}
		StompTestFrame last = this.frames.getLast();
		try (StompTestClient browser = StompTestClient.connect(this.shape.otherPort("notification"), "ann")
			.subscribe(this.jobs.channelId(), last.position(), last.epoch())) {
			browser.awaitMessage(type);
			this.frames.addAll(browser.messages());
		}
	}

	private void assertThatNothingIsMissingOrRepeated() {
		assertThat(this.frames).extracting(StompTestFrame::position)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, this.frames.size()).boxed().toList());
		assertThat(this.frames).filteredOn((frame) -> !frame.type().equals(PROGRESS))
			.extracting(StompTestFrame::type)
			.containsExactly("contact-import.accepted", "contact-import.completed", "contact-import.accepted",
					"contact-import.completed", "contact-import.undone");
	}

	private void edit(JsonNode contact) {
		assertThat(this.api
			.put("/api/contacts/" + contact.path("contactId").asString(),
					((ObjectNode) contact.deepCopy()).put("company", "Edited").toString(), "Account-Id", "ann")
			.status()).isEqualTo(200);
	}

	private JsonNode contact(String words) {
		return contacts("&q=" + words).getFirst();
	}

	private List<JsonNode> contacts(String query) {
		List<JsonNode> found = new ArrayList<>();
		String after = "";
		do {
			JsonNode page = ImportClient.json(this.contacts.get("/api/contacts?limit=1000" + query + after));
			page.path("items").forEach(found::add);
			after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asString();
		}
		while (!after.isEmpty());
		return found;
	}

	/** Doubles stand in one batch, since across batches their order is free. */
	private static String firstFile() {
		return IntStream.rangeClosed(1, ROWS).mapToObj((row) -> switch (row) {
			case 50 -> "Person 10 again,PERSON10@example.org,,Twice,blue";
			case 60 -> "Broken,not an address,,,";
			case 70 -> "Phone,phone70@example.org,?,,";
			case 80 -> "National,,030 901820,,";
			case 1_250 -> "No identifier,,,Nobody,";
			default -> "Person %d,person%d@example.org,,Company %d,".formatted(row, row, row % 7);
		}).collect(Collectors.joining("\n", "name,email,phone,company,colour\n", "\n"));
	}

	private static String secondFile() {
		return IntStream.rangeClosed(1, 300)
			.mapToObj((row) -> (row <= 150) ? "Person %d,person%d@example.org,,Moved".formatted(row, row)
					: "Late %d,late%d@example.org,,New".formatted(row, row))
			.collect(Collectors.joining("\n", "name,email,phone,company\n", "\n"));
	}

}
