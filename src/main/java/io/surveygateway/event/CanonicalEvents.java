package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes in what a provider's mapping made, and gives the canonical event that is kept and sent.
 *
 * <p>In this order: tidied ({@link EventTidier}), completed from the survey catalogue ({@link
 * SurveyCatalogue}), measured, checked against the schema ({@link EventSchema}) and for names that
 * must agree with each other. Safe for use by many threads.
 *
 * <p>What is accepted can be written as JSON and read again by {@link SurveyJson#mapper()}: what
 * could only be kept, and never be read, is refused while it can still be set aside.
 */
@Component
public final class CanonicalEvents {

  /** Characters of JSON; far below what one text may hold where it is read. */
  static final int LARGEST = 8_000_000;

  private final EventSchema schema = new EventSchema();

  private final SurveyCatalogue catalogue;

  public CanonicalEvents(CatalogueProperties properties) {
    this.catalogue = new SurveyCatalogue(properties);
  }

  /**
   * @param mapped what the mapping made: one JSON object, in which nulls are allowed; left
   *     unchanged
   * @return a new object, valid by the schema
   * @throws FailureException permanent, with what is too deep, long or large, or with the schema's
   *     complaints, and no value of the event, if it is none
   */
  public ObjectNode accept(@Nullable JsonNode mapped) {
    if (!(mapped instanceof ObjectNode object)) {
      throw new FailureException(
          Failure.permanent(
              "Expected the mapping to give one JSON object, and it gave "
                  + (mapped == null ? "nothing" : mapped.getNodeType())));
    }
    var event = EventTidier.tidy(object);
    catalogue.complete(event);
    checkSize(event);
    var complaints = schema.complaints(event);
    if (complaints.isEmpty()) {
      complaints = disagreements(event);
    }
    if (!complaints.isEmpty()) {
      throw new FailureException(
          Failure.permanent(
              "The mapped event does not fit survey-event.schema.json. "
                  + String.join("; ", complaints)));
    }
    return event;
  }

  private static void checkSize(ObjectNode event) {
    var size = JsonSize.of(event);
    if (size > LARGEST) {
      throw new FailureException(
          Failure.permanent(
              "Expected the mapped event to be at most "
                  + LARGEST
                  + " characters of JSON, and it is "
                  + size));
    }
  }

  /** What a schema cannot say: destinations find a response by its key, and trust it. */
  private static List<String> disagreements(ObjectNode event) {
    var type = EventType.of(event.path("type").textValue());
    var disagreements = new ArrayList<String>();
    if (type == EventType.UNKNOWN) {
      return disagreements;
    }
    var data = event.path("data");
    var provider = data.path("provider").textValue();
    if (!event.path("source").textValue().equals("/providers/" + provider)) {
      disagreements.add("/source: must be /providers/ and /data/provider");
    }
    if (type.isAboutResponse()) {
      var key = data.path("key").textValue();
      if (!key.equals(provider + ":" + data.path("id").textValue())) {
        disagreements.add("/data/key: must be /data/provider, a colon and /data/id");
      }
      if (!event.path("subject").textValue().equals(key)) {
        disagreements.add("/subject: must be /data/key");
      }
    }
    return disagreements;
  }
}
