package io.sitestream.platform.kafka;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What has to run on the thread that owns some partitions, between two batches: there is
 * then no other call of the function for these partitions anywhere. Tasks run when one of
 * the consumer's partitions has been idle for a second.
 */
final class OwnerTasks {

	private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();

	/**
	 * Submits a task.
	 * @param partitions what the consumer must own to run it
	 * @param action gets the consumer
	 * @return completes when it was run; cancelled before, it will not run
	 */
	CompletableFuture<Void> submit(Set<TopicPartition> partitions, java.util.function.Consumer<Consumer<?, ?>> action) {
		Task task = new Task(partitions, action, new CompletableFuture<>());
		this.tasks.add(task);
		return task.done();
	}

	/**
	 * Runs the tasks that a consumer may run.
	 * @param consumer the consumer, on whose thread this is called
	 */
	void run(Consumer<?, ?> consumer) {
		this.tasks.removeIf((task) -> task.done().isDone());
		if (!this.tasks.isEmpty()) {
			Set<TopicPartition> owned = consumer.assignment();
			this.tasks.stream()
				.filter((task) -> owned.containsAll(task.partitions()))
				.filter(this.tasks::remove)
				.forEach((task) -> task.run(consumer));
		}
	}

	/**
	 * A task and its end.
	 */
	private record Task(Set<TopicPartition> partitions, java.util.function.Consumer<Consumer<?, ?>> action,
			CompletableFuture<Void> done) {

		void run(Consumer<?, ?> consumer) {
			try {
				this.action.accept(consumer);
				this.done.complete(null);
			}
			catch (RuntimeException ex) {
				this.done.completeExceptionally(ex);
			}
			catch (Error ex) {
				this.done.completeExceptionally(ex);
				throw ex;
			}
		}

	}

}
