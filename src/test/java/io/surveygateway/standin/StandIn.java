package io.surveygateway.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on the loopback that behaves as another side does, and fails when told to.
 *
 * <p>Serves many requests at a time. Its threads keep no process alive. {@code GET /} is a page for
 * people, which faults and outages spare.
 */
public abstract class StandIn implements AutoCloseable {

  /** More are forgotten, oldest first, so that a demo may run for weeks. */
  private static final int REQUESTS_KEPT = 10_000;

  static {
    // The JDK's server sends head and body apart; without this each answer waits 40 ms for an ACK.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final ExecutorService workers;
  private final Faults faults = new Faults();
  private final Deque<StandInRequest> requests = new ArrayDeque<>();
  private volatile HttpServer server;
  private volatile boolean down;
  private volatile boolean listening;

  StandIn() {
    var name = getClass().getSimpleName();
    var number = new AtomicInteger();
    workers =
        Executors.newCachedThreadPool(
            work -> {
              var thread = new Thread(work, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    server = serverAt(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private HttpServer serverAt(InetSocketAddress address) {
    try {
      var created = HttpServer.create(address, 0);
      created.setExecutor(workers);
      created.createContext("/", this::handle);
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts to listen; the last thing that a subclass does. */
  final void listen() {
    // The server's own thread is a daemon if the one that starts it is.
    var starter = new Thread(server::start, getClass().getSimpleName() + "-start");
    starter.setDaemon(true);
    starter.start();
    try {
      starter.join();
      listening = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted before the stand-in listened", e);
    }
  }

  /** Does what the request asks for. Called by many threads at a time. */
  abstract Answer answer(StandInRequest request);

  /** What {@code GET /} shows to people. */
  abstract String page();

  /** Its address without a path, such as {@code http://127.0.0.1:40123}. */
  public final String url() {
    var address = server.getAddress();
    return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** What it fails at. */
  public final Faults faults() {
    return faults;
  }

  /** From now on drops every connection, until {@link #comeBack()}. */
  public final void goDown() {
    down = true;
  }

  public final void comeBack() {
    down = false;
  }

  /** Ends every connection and refuses new ones, until {@link #listenAgain()}. */
  public final void stopListening() {
    listening = false;
    server.stop(0);
  }

  public final boolean isListening() {
    return listening;
  }

  /** At the same address as before. */
  public final void listenAgain() {
    server = serverAt(server.getAddress());
    listen();
  }

  /** The requests of others that reached it, oldest first, those that met a fault too. */
  public final List<StandInRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Those whose path has this in it. */
  public final List<StandInRequest> requests(String partOfPath) {
    return requests().stream().filter(request -> request.path().contains(partOfPath)).toList();
  }

  /** Stops to listen; from then on connections are refused. */
  @Override
  public final void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = StandInRequest.read(exchange);
      if (isForPeople(request)) {
        send(exchange, forPeople(request), 1);
        return;
      }
      remember(request);
      if (!down) {
        serve(exchange, request);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(HttpExchange exchange, StandInRequest request)
      throws IOException, InterruptedException {
    var fault = faults.take(request);
    if (fault.isEmpty()) {
      send(exchange, safely(request), 1);
      return;
    }
    Thread.sleep(fault.get().delay().toMillis());
    switch (fault.get().kind()) {
      case ANSWER -> send(exchange, fault.get().answer(), 1);
      case DROP -> {
        // Closed by the caller, who sees no answer sent.
      }
      case CUT -> send(exchange, safely(request), 2);
      case LOSE -> safely(request);
      case NONE -> send(exchange, safely(request), 1);
    }
  }

  private Answer safely(StandInRequest request) {
    try {
      return answer(request);
    } catch (RuntimeException bug) {
      bug.printStackTrace();
      return Answer.text(500, getClass().getSimpleName() + " has a bug: " + bug);
    }
  }

  private void remember(StandInRequest request) {
    synchronized (requests) {
      requests.add(request);
      if (requests.size() > REQUESTS_KEPT) {
        requests.removeFirst();
      }
    }
  }

  private static boolean isForPeople(StandInRequest request) {
    return request.method().equals("GET")
        && (request.path().equals("/") || request.path().equals("/favicon.ico"));
  }

  private Answer forPeople(StandInRequest request) {
    return request.path().equals("/")
        ? Answer.html(200, page())
            .withHeader("Cache-Control", "no-store")
            .withHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        : Answer.empty(404);
  }

  /** Sends the answer, of its body one part of so many. */
  private static void send(HttpExchange exchange, Answer answer, int parts) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    var body = answer.body();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0 && !exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseBody().write(body, 0, body.length / parts);
      exchange.getResponseBody().flush();
    }
  }
}
