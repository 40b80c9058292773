package io.surveygateway.webhook;

import io.surveygateway.webhook.FrontDoor.Place;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request's stay at the public port, from its head to its answer.
 *
 * <p>Used on its event loop alone. Exactly one answer is given; what comes after it is nobody's.
 */
final class Visit {

  /** Key in the {@link RoutingContext}'s data. */
  private static final String KEY = "gatewayVisit";

  /**
   * How long a sender may go on sending what nobody wants before the connection closes. Closed at
   * once, it would be reset, and a sender may never see the answer then (RFC 9112, 9.6).
   */
  private static final Duration LONGEST_LINGERING = Duration.ofSeconds(2);

  private final FrontDoor door;
  private final RoutingContext context;
  private final Connection connection;
  private final boolean hasBody;
  private final long since = System.nanoTime();

  private @Nullable Place place;
  private @Nullable BodyBuffer body;
  private int maxBody;
  private int held;
  private boolean letIn;
  private boolean withRoute;
  private boolean answered;
  private boolean ended;

  Visit(FrontDoor door, RoutingContext context, Connection connection) {
    this.door = door;
    this.context = context;
    this.connection = connection;
    this.hasBody = FrontDoor.announced(context.request()) != 0;
    connection.expectNothing();
    request().exceptionHandler(thrown -> brokenOff());
    request().handler(this::arrived);
    request().endHandler(end -> ended());
  }

  /** Null before the request has been handed on. */
  static @Nullable Visit of(RoutingContext context) {
    return context.get(KEY);
  }

  HttpServerRequest request() {
    return context.request();
  }

  /** Reads the body, and hands the request on once it is there. */
  void read(Place place, int maxBody, int announced) {
    this.place = place;
    this.maxBody = maxBody;
    this.body = new BodyBuffer(maxBody, announced);
    letIn = true;
    door.entered();
    connection.expect(door.requestTimeout(), this::tooSlow);
    if (request().headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request().response().writeContinue();
    }
  }

  private void arrived(Buffer chunk) {
    if (answered || body == null || place == null) {
      return;
    }
    if (!body.canTake(chunk)) {
      refuse(place, FrontDoor.tooLarge(), FrontDoor.tooLargeReason(maxBody));
      return;
    }
    var growth = body.growthFor(chunk);
    if (!door.hold(growth, held)) {
      answer(Answer.unavailable("Too much is being sent at once; send the request again later."));
      return;
    }
    held += growth;
    body.add(chunk);
  }

  private void ended() {
    ended = true;
    if (answered) {
      if (connection.isClosing()) {
        connection.close();
      }
    } else if (body != null && place != null) {
      if (door.isHeld()) {
        answer(FrontDoor.reloading());
        return;
      }
      connection.expectNothing();
      connection.stopReading();
      withRoute = true;
      door.handedOn();
      context.put(KEY, this);
      context.put(WebhookRequest.PROPERTY, webhookRequest(place, body));
      context.next();
    }
  }

  private WebhookRequest webhookRequest(Place place, BodyBuffer body) {
    return new WebhookRequest(
        place.provider(),
        place.rest(),
        request().getHeader(HttpHeaders.CONTENT_TYPE),
        request().headers().entries(),
        QueryString.parse(request().query()),
        body.toBytes());
  }

  private void tooSlow() {
    answer(Answer.problem(408, "The request took too long to arrive."));
  }

  /** The sender went away, or sent what is not HTTP; nobody is left to be answered. */
  private void brokenOff() {
    // A request that is with its route ends there, and only its answer has no one to go to.
    if (!ended && !answered) {
      answered = true;
      leave();
    }
  }

  /** Answers a request that was let in, and tells operators why. */
  void refuse(Answer answer, String cause) {
    if (place != null) {
      refuse(place, answer, cause);
    }
  }

  /** Answers, and tells operators why. */
  void refuse(Place place, Answer answer, String cause) {
    if (!answered) {
      door.refused(place, answer, cause);
      answer(answer);
    }
  }

  /** Only the first answer is given. */
  void answer(Answer answer) {
    if (answered) {
      return;
    }
    answered = true;
    var timed = letIn ? place : null;
    leave();
    var response = context.response();
    if (response.closed()) {
      return;
    }
    var unread = hasBody && !ended;
    var closes = unread || door.isDraining();
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (closes) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      connection.startClosing();
      connection.expect(lingering(), connection::close);
    } else {
      connection.expect(door.idleTimeout(), connection::close);
    }
    // Before the end of this answer, which may be the beginning of the next request.
    connection.readOn();
    response.end(Buffer.buffer(answer.body()));
    if (timed != null) {
      door.answered(timed, answer, System.nanoTime() - since);
    }
    if (closes && !unread) {
      connection.close();
    }
  }

  private Duration lingering() {
    var timeout = door.requestTimeout();
    return timeout.compareTo(LONGEST_LINGERING) < 0 ? timeout : LONGEST_LINGERING;
  }

  private void leave() {
    if (withRoute) {
      withRoute = false;
      door.cameBack();
    }
    if (letIn) {
      letIn = false;
      body = null;
      door.left(held);
    }
  }
}
