package io.sitestream.mirrors;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import io.sitestream.ApiClient;
import io.sitestream.contactjobs.ImportClient;
import io.sitestream.kvstore.ReferenceInstance;
import io.sitestream.notification.Announcer;
import io.sitestream.notification.StompTestClient;
import io.sitestream.notification.StompTestFrame;
import io.sitestream.platform.Emitter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An import as a browser sees it whose importer is in the other data centre.
 */
final class ImportOverTheLink implements AutoCloseable {

	private final ReferenceInstance here;

	private final ReferenceInstance there;

	private final int rows;

	private final ImportClient client;

	private final ImportClient importer;

	private final StompTestClient browser;

	private final HeldUpload upload;

	private String path = "";

	private JsonNode done = MissingNode.getInstance();

	/**
	 * Opens a channel and begins an upload.
	 * @param here where the browser is
	 * @param there where the importer is
	 * @param rows how many rows the file will have
	 */
	ImportOverTheLink(ReferenceInstance here, ReferenceInstance there, int rows) {
		this.here = here;
		this.there = there;
		this.rows = rows;
		this.client = new ImportClient(here.port());
		this.importer = new ImportClient(there.port(), this.client.account());
		this.browser = StompTestClient.connect(here.port(), this.client.account()).subscribe(this.client.channelId());
		this.upload = new HeldUpload(this.client, ContactFile.HEADER);
	}

	void sendFirstHalfAndAwaitProgress() {
		this.upload.send(ContactFile.rows(1, this.rows / 2));
		await().atMost(Comparison.PATIENCE)
			.until(this.browser::messages, (seen) -> !seen.isEmpty() && completedBatches(seen.getLast()) > 0);
	}

	void sendRestAndAwaitStandstill() {
		this.path = this.upload.finish(ContactFile.rows(this.rows / 2 + 1, this.rows));
		JsonNode cut = await().atMost(Comparison.PATIENCE)
			.until(() -> ImportClient.json(this.client.get(this.path)),
					(state) -> state.at("/batches/total").asInt() == this.rows / 1000);
		assertThat(cut.path("state").asString()).isEqualTo("RUNNING");
		assertThat(cut.at("/batches/completed").asInt()).isLessThan(this.rows / 1000);
	}

	void awaitCompletion() {
		this.done = this.client.awaitDone(this.path);
		this.browser.awaitMessage("contact-import.completed");
		assertThat(this.done.path("state").asString()).isEqualTo("COMPLETED");
		assertThat(this.done.path("rows").toString()).isEqualTo(ContactFile.outcome(this.rows));
	}

	void hearAnotherServiceOfTheOtherDataCentre() {
		new Announcer(this.there.context().getBean(Emitter.class), this.client.account(), this.client.channelId())
			.announce(1);
		this.browser.awaitMessage("test.said");
	}

	void assertToldOnceAndInOrder() {
		List<StompTestFrame> frames = this.browser.messages();
		assertThat(frames).extracting(StompTestFrame::position)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, frames.size()).boxed().toList());
		List<StompTestFrame> told = frames.stream()
			.filter((frame) -> frame.type().startsWith("contact-import."))
			.toList();
		assertThat(told.getFirst().type()).isEqualTo("contact-import.accepted");
		assertThat(told).extracting(StompTestFrame::type).containsOnlyOnce("contact-import.completed");
		assertThat(told.getLast()).returns("contact-import.completed", StompTestFrame::type)
			.returns(this.done, StompTestFrame::json);
		assertThat(told).extracting(ImportOverTheLink::completedBatches).isSorted();
	}

	void assertStoredOnce() {
		int rejected = this.rows / 100;
		assertThat(this.importer.get(this.path + "/rejections").body().lines()).hasSize(1 + rejected);
		assertThat(emails()).hasSize(this.rows - rejected).doesNotHaveDuplicates();
	}

	void undo() {
		assertThat(new ApiClient(this.here.port()).delete(this.path, "Account-Id", this.client.account()).status())
			.isEqualTo(202);
		assertThat(this.browser.awaitMessage("contact-import.undone").json().at("/undo/removed").asInt())
			.isEqualTo(this.rows - this.rows / 100);
		assertThat(emails()).isEmpty();
	}

	@Override
	public void close() {
		this.browser.close();
	}

	private List<String> emails() {
		return this.importer.get("/api/contacts/export?format=csv")
			.body()
			.lines()
			.skip(1)
			.map((line) -> Arrays.stream(line.split(",")).filter((cell) -> cell.contains("@")).toList().getFirst())
			.toList();
	}

	private static int completedBatches(StompTestFrame frame) {
		return frame.json().at("/batches/completed").asInt();
	}

}
