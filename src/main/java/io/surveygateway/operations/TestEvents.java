package io.surveygateway.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.SurveyEvent;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.store.StepResult.NewEvent;
import io.surveygateway.store.TestDeliveries;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends a made-up response to one destination, by its own route, so that a person sees whether it
 * arrives. Not to others: the router is not asked. Safe for use by many threads.
 */
public final class TestEvents {

  /** In the place of the provider's name, in keys too: {@code test:6f1c...}. */
  public static final String PROVIDER = "test";

  private static final String TYPE = "survey.response.completed";
  private static final String TITLE = "Test of the Survey Gateway";

  /**
   * What came of it.
   *
   * @param event its id, and {@code delivery} that of its delivery; null where nothing was sent
   * @param key of the response, by which the destination has it
   * @param note for a person
   */
  public record Sent(
      @Nullable Long event, @Nullable Long delivery, @Nullable String key, String note) {

    public boolean isSent() {
      return event != null;
    }
  }

  private final TestDeliveries deliveries;
  private final CanonicalEvents events;
  private final LaneOperations lanes;
  private final Audit audit;
  private final Clock clock;

  TestEvents(
      TestDeliveries deliveries,
      CanonicalEvents events,
      LaneOperations lanes,
      Audit audit,
      Clock clock) {
    this.deliveries = deliveries;
    this.events = events;
    this.lanes = lanes;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Empty where no route delivers to a destination of that name.
   *
   * @param by who asks; the event says so
   */
  public Optional<Sent> send(String destination, String by) {
    return lanes.destinations().stream()
        .filter(lane -> lane.name().equals(destination))
        .findFirst()
        .map(
            lane ->
                audit.record(
                    new Asked(by, "test", "destination " + destination),
                    () ->
                        lane.isOn()
                            ? send(destination, by, lane.pause() != null)
                            : new Sent(
                                null, null, null, destination + " is off: " + lane.offBecause()),
                    sent -> new Came(sent.isSent() ? 1 : 0, sent.note())));
  }

  private Sent send(String destination, String by, boolean isPaused) {
    var id = UUID.randomUUID().toString();
    var key = PROVIDER + ":" + id;
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var event = events.accept(event(id, key, now, by));
    var eventId = deliveries.nextId();
    var delivery =
        deliveries.add(
            new NewEvent(
                eventId,
                PROVIDER,
                id,
                TestDeliveries.NO_REQUEST,
                TYPE,
                key,
                PROVIDER,
                now,
                now,
                event.toString()),
            destination);
    return new Sent(
        eventId,
        delivery,
        key,
        key + ", delivery " + delivery + (isPaused ? ", waits: the destination is paused" : ""));
  }

  private static ObjectNode event(String id, String key, Instant now, String by) {
    var event = SurveyJson.mapper().createObjectNode();
    event.put("specversion", SurveyEvent.SPEC_VERSION);
    event.put("id", id);
    event.put("source", "/providers/" + PROVIDER);
    event.put("type", TYPE);
    event.put("subject", key);
    event.put("time", now.toString());
    event.put("dataschema", SurveyEvent.DATA_SCHEMA);
    var data = event.putObject("data");
    data.put("key", key);
    data.put("provider", PROVIDER);
    data.put("id", id);
    data.put("status", "completed");
    data.putObject("survey").put("id", PROVIDER).put("title", TITLE);
    data.put("completedAt", now.toString());
    // Nobody: so that Salesforce makes no contact, and no score is counted.
    var answer = data.putArray("answers").addObject();
    answer.put("questionId", "test").put("position", 1).put("type", "text");
    answer.put("question", "What is this?");
    var text = "A test that " + by + " sent from the gateway's console. Nobody answered anything.";
    answer.put("value", text).put("text", text);
    data.putObject("attributes").put("test", true);
    return event;
  }
}
