package io.surveygateway.webhook;

import io.surveygateway.store.RefusalLog;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by a request's head whether it is let in, has its body read within bounds, and hands it
 * to the provider's route.
 *
 * <p>Lives on one event loop: all is called there, unless it says otherwise.
 */
final class FrontDoor implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  private static final String ROOT = "/webhooks/";
  private static final String ALLOWED = "GET, HEAD, POST";

  /** Routes are replaced in less than a second. */
  private static final Duration COME_AGAIN_AFTER_RELOAD = Duration.ofSeconds(2);

  private final WebhookProperties properties;
  private final Providers providers;
  private final RefusalLog refusals;
  private final AnswerTimes times;
  private final long bufferLimit;

  private final Map<HttpConnection, Connection> connections = new IdentityHashMap<>();
  private final CompletableFuture<Void> emptied = new CompletableFuture<>();

  // Written on the event loop alone; volatile for those who look on.
  private volatile long buffered;
  private volatile int inFlight;
  private volatile boolean draining;
  private volatile boolean held;
  private int withRoutes;
  private @Nullable CompletableFuture<Void> quiet;

  FrontDoor(
      WebhookProperties properties, Providers providers, RefusalLog refusals, AnswerTimes times) {
    this.properties = properties;
    this.providers = providers;
    this.refusals = refusals;
    this.times = times;
    this.bufferLimit = properties.bufferLimit();
  }

  void connected(HttpConnection http) {
    if (connections.size() >= properties.maxConnections()) {
      LOG.debug("Closed a connection: {} are open already", connections.size());
      http.close();
      return;
    }
    var connection = new Connection(http);
    connections.put(http, connection);
    http.closeHandler(closed -> connections.remove(http));
    // What a sender does to a connection is no news; a request that it cuts short is told itself.
    http.exceptionHandler(thrown -> LOG.debug("A connection failed: {}", thrown.toString()));
    connection.expect(properties.requestTimeout(), connection::close);
  }

  /** To be called every now and then: ends what has taken too long. */
  void checkTime() {
    var now = System.nanoTime();
    for (var connection : List.copyOf(connections.values())) {
      connection.checkTime(now);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    var connection = connections.get(context.request().connection());
    if (connection == null || connection.isClosing()) {
      // Came right behind a request whose answer said that the connection closes.
      return;
    }
    var visit = new Visit(this, context, connection);
    if (draining) {
      visit.answer(stopping());
      return;
    }
    if (held) {
      visit.answer(reloading());
      return;
    }
    var place = placeOf(context);
    var provider = place == null ? null : providers.find(place.provider()).orElse(null);
    if (provider == null) {
      visit.answer(notFound());
    } else if (providers.isLeftOut(provider.name())) {
      var answer = Answer.unavailable("This cannot be taken now; send it again later.");
      visit.refuse(place, answer, "The provider is left out: " + provider.whyOff());
    } else if (!provider.isOn()) {
      visit.refuse(place, notFound(), "The provider is switched off: " + provider.whyOff());
    } else {
      letIn(visit, place, Math.toIntExact(provider.maxBody()));
    }
  }

  /** Answers a request that no route took: by its own fault, or by ours. */
  void notTaken(RoutingContext context) {
    var visit = Visit.of(context);
    if (visit == null) {
      var connection = connections.get(context.request().connection());
      if (connection == null || connection.isClosing()) {
        return;
      }
      visit = new Visit(this, context, connection);
    }
    if (context.statusCode() >= 400 && context.statusCode() < 500) {
      visit.answer(Answer.problem(context.statusCode(), "The request cannot be read."));
    } else {
      visit.answer(Answer.unavailable("The request could not be taken; send it again later."));
    }
  }

  private void letIn(Visit visit, Place place, int maxBody) {
    var request = visit.request();
    var method = request.method();
    if (HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method)) {
      visit.answer(Answer.ok());
    } else if (!HttpMethod.POST.equals(method)) {
      visit.answer(Answer.problem(405, "Webhooks are sent by POST.").with("Allow", ALLOWED));
    } else if (isCoded(request)) {
      var answer = Answer.problem(415, "Content codings are not taken; send the plain body.");
      visit.refuse(place, answer, "The body came in a content coding");
    } else if (announced(request) > maxBody) {
      visit.refuse(place, tooLarge(), tooLargeReason(maxBody));
    } else {
      visit.read(place, maxBody, (int) announced(request));
    }
  }

  /** Where a request goes; null if there is nothing, or if its path cannot be read. */
  private static @Nullable Place placeOf(RoutingContext context) {
    String path;
    try {
      // The path that routes are matched by: dots and doubled slashes gone.
      path = context.normalizedPath();
    } catch (IllegalArgumentException brokenEscape) {
      return null;
    }
    if (!path.startsWith(ROOT) || path.chars().anyMatch(Character::isISOControl)) {
      return null;
    }
    var slash = path.indexOf('/', ROOT.length());
    var provider = path.substring(ROOT.length(), slash < 0 ? path.length() : slash);
    var rest = slash < 0 ? "" : path.substring(slash + 1);
    return new Place(provider, rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest);
  }

  private static boolean isCoded(HttpServerRequest request) {
    return names(request, HttpHeaders.CONTENT_ENCODING).stream()
            .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"))
        || names(request, HttpHeaders.TRANSFER_ENCODING).stream()
            .anyMatch(coding -> !coding.equalsIgnoreCase("chunked"));
  }

  private static List<String> names(HttpServerRequest request, CharSequence header) {
    return request.headers().getAll(header).stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(String::strip)
        .toList();
  }

  /** The announced length of a body; -1 if it comes in chunks, 0 if there is none. */
  static long announced(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    // Vert.x lets nothing through that is not one number; it answers 400 itself.
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length.strip());
  }

  static Answer tooLarge() {
    return Answer.problem(413, "The body is larger than this provider's limit.");
  }

  static String tooLargeReason(int maxBody) {
    return "The body is larger than the limit of " + maxBody + " bytes";
  }

  static Answer notFound() {
    return Answer.problem(404, "There is nothing here.");
  }

  static Answer reloading() {
    return Answer.unavailable("The gateway is being set up anew; send the request again soon.")
        .with(Answer.RETRY_AFTER, String.valueOf(COME_AGAIN_AFTER_RELOAD.toSeconds()));
  }

  static Answer stopping() {
    return Answer.unavailable("The gateway is stopping; send the request again later.");
  }

  void refused(Place place, Answer answer, String cause) {
    refusals.refused(place.provider(), place.rest(), answer.status(), cause);
  }

  /** A request that was let in has its answer, so long after its head. */
  void answered(Place place, Answer answer, long nanos) {
    times.answered(place.provider(), answer.status(), nanos);
  }

  /** Takes memory for a body; refuses what goes over the bound, unless nothing else is held. */
  boolean hold(int bytes, int alreadyHeld) {
    if (bytes > 0 && buffered > alreadyHeld && buffered + bytes > bufferLimit) {
      return false;
    }
    buffered += bytes;
    return true;
  }

  void entered() {
    inFlight++;
  }

  void left(int bytesHeld) {
    buffered -= bytesHeld;
    inFlight--;
    completeIfEmptied();
  }

  /** A request goes to its route now; that is what {@link #hold} waits for. */
  void handedOn() {
    withRoutes++;
  }

  /** It came back from there. */
  void cameBack() {
    withRoutes--;
    completeIfQuiet();
  }

  /**
   * Until {@link #release} nothing goes to the routes; who comes, and whose body is complete now,
   * is asked to come again.
   *
   * @param quiet completes once nothing is with the routes any more
   */
  void hold(CompletableFuture<Void> quiet) {
    held = true;
    this.quiet = quiet;
    completeIfQuiet();
  }

  void release() {
    held = false;
    quiet = null;
  }

  boolean isHeld() {
    return held;
  }

  private void completeIfQuiet() {
    if (quiet != null && withRoutes == 0) {
      quiet.complete(null);
    }
  }

  /** From now on nobody is let in. */
  void startDraining() {
    draining = true;
    completeIfEmptied();
  }

  private void completeIfEmptied() {
    if (draining && inFlight == 0) {
      emptied.complete(null);
    }
  }

  boolean isDraining() {
    return draining;
  }

  Duration requestTimeout() {
    return properties.requestTimeout();
  }

  Duration idleTimeout() {
    return properties.idleTimeout();
  }

  /** Completes once it is draining and nobody is left. For any thread. */
  CompletableFuture<Void> emptied() {
    return emptied;
  }

  /** Requests that were let in and are not answered yet. For any thread. */
  int inFlight() {
    return inFlight;
  }

  /** Bytes held for bodies. For any thread. */
  long buffered() {
    return buffered;
  }

  /**
   * @param rest of the path after the provider, without slashes round it
   */
  record Place(String provider, String rest) {}
}
