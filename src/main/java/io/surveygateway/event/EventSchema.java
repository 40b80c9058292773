package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Says what is wrong with a canonical event, in the words of {@code survey-event.schema.json}.
 *
 * <p>A complaint is a JSON pointer (RFC 6901) and the schema's words, in English whatever the
 * machine's language: {@code /data/status: does not have a value in the enumeration [...]}. It
 * shows no value of the event, for a respondent may have written it; a member's name that is more
 * than a plain name is shown as {@code …}. Dates are checked, not merely described. Safe for use by
 * many threads.
 */
final class EventSchema {

  private static final String RESOURCE = "/schema/survey-event.schema.json";

  private static final int MOST_COMPLAINTS = 5;

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  private static final String HIDDEN = "…";

  private final JsonSchema schema;

  EventSchema() {
    var config =
        SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true)
            .locale(Locale.ENGLISH)
            .build();
    this.schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(definition(), config);
    // Now and not on the first event: a schema that cannot be read stops the start.
    schema.initializeValidators();
  }

  private static JsonNode definition() {
    try (var stream = EventSchema.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("Expected " + RESOURCE + " on the class path");
      }
      return new ObjectMapper().readTree(stream);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Expected JSON in " + RESOURCE, unreadable);
    }
  }

  /**
   * What is wrong with the event: nothing, or up to {@value #MOST_COMPLAINTS} complaints and one
   * that counts the rest.
   */
  List<String> complaints(JsonNode event) {
    var messages = schema.validate(event);
    var complaints = new ArrayList<String>();
    for (var message : messages) {
      if (complaints.size() == MOST_COMPLAINTS) {
        complaints.add("and " + (messages.size() - MOST_COMPLAINTS) + " more");
        break;
      }
      complaints.add(pointer(message.getInstanceLocation()) + ": " + words(message));
    }
    return complaints;
  }

  private static String pointer(JsonNodePath path) {
    var pointer = new StringBuilder();
    for (var i = 0; i < path.getNameCount(); i++) {
      pointer.append('/').append(shown(String.valueOf(path.getElement(i))));
    }
    return pointer.isEmpty() ? "the event" : pointer.toString();
  }

  /** The schema's words; of the event they quote at most the name of a member. */
  private static String words(ValidationMessage message) {
    var words = message.getError();
    var name = message.getProperty();
    return name == null ? words : words.replace("'" + name + "'", "'" + shown(name) + "'");
  }

  private static String shown(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : HIDDEN;
  }
}
