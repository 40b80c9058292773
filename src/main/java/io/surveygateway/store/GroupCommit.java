package io.surveygateway.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets writers that arrive together share one transaction, and so one flush of the disk.
 *
 * <p>One thread takes what waits and writes it; while it does, the next group gathers. No writer is
 * kept waiting for company. Where the database refuses a row of a group, each is written alone, so
 * that only the refused one fails. Bounded by weight: what does not fit is refused at once.
 *
 * @param <T> what is written
 */
final class GroupCommit<T> implements AutoCloseable {

  private static final int LARGEST_GROUP = 512;

  private record Entry<T>(@Nullable T item, long weight, CompletableFuture<Void> written) {}

  private final LinkedBlockingQueue<Entry<T>> queue = new LinkedBlockingQueue<>();
  private final AtomicLong waitingWeight = new AtomicLong();
  private final ToLongFunction<T> weigher;
  private final long largestWeight;
  private final Consumer<List<T>> write;
  private final Thread writer;
  private final Entry<T> end = new Entry<>(null, 0, new CompletableFuture<>());
  private volatile boolean closed;

  /**
   * @param name of the writer's thread
   * @param weigher weight of an item, in bytes or pieces
   * @param largestWeight that may wait at a time
   * @param write writes a group in one transaction, or throws and has written nothing
   */
  GroupCommit(String name, ToLongFunction<T> weigher, long largestWeight, Consumer<List<T>> write) {
    this.weigher = weigher;
    this.largestWeight = largestWeight;
    this.write = write;
    this.writer = new Thread(this::run, name);
    this.writer.setDaemon(true);
    this.writer.start();
  }

  /**
   * Completes when the item is on disk, or fails with what {@code write} threw for it. An item that
   * is cancelled while it waits, or whose time is over, is not written.
   */
  CompletableFuture<Void> submit(T item) {
    var weight = weigher.applyAsLong(item);
    var entry = new Entry<>(item, weight, new CompletableFuture<>());
    if (closed || waitingWeight.addAndGet(weight) > largestWeight + weight) {
      waitingWeight.addAndGet(closed ? 0 : -weight);
      entry.written.completeExceptionally(
          Store.unavailable(
              new IllegalStateException(
                  closed ? "The gateway is stopping" : "Too much waits to be written already")));
      return entry.written;
    }
    queue.add(entry);
    if (closed) {
      failWhatWaits();
    }
    return entry.written;
  }

  private void run() {
    var group = new ArrayList<Entry<T>>(LARGEST_GROUP);
    while (!group.contains(end)) {
      group.clear();
      group.add(takeFirst());
      queue.drainTo(group, LARGEST_GROUP - 1);
      writeGroup(group.stream().filter(this::isWanted).toList());
    }
  }

  /** False for the sign to end, and for what its submitter has given up: nobody waits for it. */
  private boolean isWanted(Entry<T> entry) {
    if (entry != end && entry.written.isDone()) {
      waitingWeight.addAndGet(-entry.weight);
      return false;
    }
    return entry != end;
  }

  private Entry<T> takeFirst() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        // Only close() ends this thread: half of a group must not be lost to an interrupt.
        continue;
      }
    }
  }

  private void writeGroup(List<Entry<T>> group) {
    if (group.isEmpty()) {
      return;
    }
    try {
      write.accept(group.stream().map(Entry::item).toList());
      group.forEach(entry -> done(entry, null));
    } catch (DataRefusedException e) {
      if (group.size() == 1) {
        done(group.get(0), e);
      } else {
        group.forEach(entry -> writeGroup(List.of(entry)));
      }
    } catch (Throwable e) {
      group.forEach(entry -> done(entry, e));
    }
  }

  private void done(Entry<T> entry, @Nullable Throwable thrown) {
    waitingWeight.addAndGet(-entry.weight);
    if (thrown == null) {
      entry.written.complete(null);
    } else {
      entry.written.completeExceptionally(thrown);
    }
  }

  /** Writes what waits, then stops; waits at most ten seconds for it. */
  @Override
  public void close() {
    closed = true;
    queue.add(end);
    try {
      writer.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failWhatWaits();
  }

  private void failWhatWaits() {
    if (writer.isAlive()) {
      return;
    }
    for (var entry = queue.poll(); entry != null; entry = queue.poll()) {
      done(entry, Store.unavailable(new IllegalStateException("The gateway is stopping")));
    }
  }
}
