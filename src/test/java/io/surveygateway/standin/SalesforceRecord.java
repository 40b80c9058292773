package io.surveygateway.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A record of the org.
 *
 * @param id 18 characters
 * @param fields by name, those that have a value
 * @param writes how often it was written, its creation being the first
 */
public record SalesforceRecord(
    String object,
    String id,
    Map<String, JsonNode> fields,
    Instant createdAt,
    Instant changedAt,
    int writes) {

  public SalesforceRecord {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** The value of a field as text; empty if it has none. */
  public String text(String field) {
    var value = fields.get(field);
    return value == null ? "" : value.asText();
  }
}
