package io.surveygateway.packaged;

import io.surveygateway.demo.Sender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Send traffic as the providers do: each request again and again until it is answered, at whichever
 * gateway is next.
 */
final class Senders implements AutoCloseable {

  private static final int THREADS = 8;

  private final Traffic traffic;
  private final Ledger ledger;
  private final List<Sender> gateways;
  private final int perSecond;
  private final long start = System.nanoTime();
  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
  private final List<Future<Void>> running = new ArrayList<>();
  private volatile boolean enough;

  /**
   * @param perSecond events, and not requests
   */
  Senders(Traffic traffic, Ledger ledger, List<PackagedGateway> gateways, int perSecond) {
    this.traffic = traffic;
    this.ledger = ledger;
    this.gateways = gateways.stream().map(gateway -> new Sender(gateway.webhooks)).toList();
    this.perSecond = perSecond;
    for (var i = 0; i < THREADS; i++) {
      var first = i;
      running.add(pool.submit(() -> run(first)));
    }
  }

  private Void run(int first) throws InterruptedException {
    for (var n = first; !enough; n++) {
      if (isTooFast()) {
        TimeUnit.MILLISECONDS.sleep(10);
      } else {
        send(traffic.next(), n);
      }
    }
    return null;
  }

  private boolean isTooFast() {
    return ledger.size() > perSecond * (System.nanoTime() - start) / 1e9;
  }

  /** Until it is answered. */
  void send(Sending sending) throws InterruptedException {
    send(sending, 0);
  }

  private void send(Sending sending, int n) throws InterruptedException {
    for (var gateway = n; ; gateway++) {
      ledger.tries(sending);
      if (ledger.answered(sending, status(sending, gateway))) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private int status(Sending sending, int gateway) throws InterruptedException {
    try {
      return gateways.get(gateway % gateways.size()).send(sending.request());
    } catch (IOException e) {
      return 0;
    }
  }

  /** Nothing new any more; what was sent is sent until it is answered. */
  void stop() {
    enough = true;
  }

  /**
   * @throws java.util.concurrent.ExecutionException if one of them broke
   */
  boolean areDone() throws Exception {
    for (var sender : running) {
      if (!sender.isDone()) {
        return false;
      }
      sender.get();
    }
    return true;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
