package io.surveygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Queue<Supplier<List<Long>>> claims = new ConcurrentLinkedQueue<>();
  private final Queue<Long> worked = new ConcurrentLinkedQueue<>();
  private final Queue<Long> released = new ConcurrentLinkedQueue<>();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private volatile boolean holdsWork;
  private final AtomicLong nanos = new AtomicLong();
  private Claims<Long> running;

  private final Claims.Lane<Long> lane =
      new Claims.Lane<>() {
        @Override
        public List<Long> claim(int limit) {
          var next = claims.poll();
          return next == null ? List.of() : next.get();
        }

        @Override
        public long idOf(Long claim) {
          return claim;
        }

        @Override
        public void renew(Collection<Long> ids) {}

        @Override
        public void release(Collection<Long> ids) {
          released.addAll(ids);
        }

        @Override
        public void work(List<Long> claimed, Claims.Progress progress) {
          for (var id : claimed) {
            if (progress.begin(id)) {
              worked.add(id);
              hold();
              progress.end(id);
            }
          }
        }
      };

  private void hold() {
    if (holdsWork) {
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void start(int threads) {
    running =
        new Claims<>(
            lane, "test", 5, threads, LEASE, Duration.ofMillis(5), new Signals(), nanos::get);
    running.start();
  }

  @AfterEach
  void stop() {
    mayEnd.countDown();
    running.stop();
  }

  @Test
  void goesOnAfterAnError() {
    claims.add(
        () -> {
          throw new OutOfMemoryError("of the test");
        });
    claims.add(() -> List.of(1L));
    start(1);

    await().until(() -> worked.contains(1L));
  }

  @Test
  void worksOnceOnWhatItHoldsThoughTheLeaseRanOut() {
    holdsWork = true;
    claims.add(() -> List.of(1L));
    claims.add(() -> List.of(1L));
    claims.add(() -> List.of(2L));
    start(2);

    await().until(() -> worked.contains(2L));
    assertThat(worked).containsExactlyInAnyOrder(1L, 2L);
    assertThat(released).isEmpty();
  }

  /** As a process that was stopped for a while, and then goes on where it was. */
  @Test
  void givesBackWhatItCouldNotRenewInTime() {
    holdsWork = true;
    claims.add(() -> List.of(1L, 2L, 3L));
    start(1);
    await().until(() -> worked.contains(1L));

    nanos.addAndGet(LEASE.toNanos());
    running.renew();
    mayEnd.countDown();

    await().until(() -> released.size() == 2);
    assertThat(worked).containsExactly(1L);
    assertThat(released).containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void worksOnAsLongAsItIsRenewed() {
    holdsWork = true;
    claims.add(() -> List.of(1L, 2L));
    start(1);
    await().until(() -> worked.contains(1L));

    for (var renewal = 0; renewal < 4; renewal++) {
      nanos.addAndGet(LEASE.dividedBy(3).toNanos());
      running.renew();
    }
    mayEnd.countDown();

    await().until(() -> worked.contains(2L));
    assertThat(released).isEmpty();
  }
}
