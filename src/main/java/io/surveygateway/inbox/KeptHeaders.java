package io.surveygateway.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a request that its route asked for by {@code keepHeaders}, on their way from the
 * public port through the store to the map route.
 *
 * <p>There each is an exchange property: {@code property("header.X-Event")} in jq. A header that
 * did not come is none.
 */
public final class KeptHeaders {

  /** What the exchange properties' names begin with; the header's name follows, as declared. */
  public static final String PREFIX = "header.";

  /** Headers that a route may keep. */
  public static final int MOST = 8;

  private static final int LONGEST = 255;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> TEXTS =
      new TypeReference<>() {};

  private KeptHeaders() {}

  /**
   * Puts them on an exchange, for the inbox or for a map route.
   *
   * @param values by the header's name, as the route spells it
   */
  public static void put(Exchange exchange, Map<String, String> values) {
    values.forEach((name, value) -> exchange.setProperty(PREFIX + name, cut(value)));
  }

  /** What the store keeps of an exchange: JSON, or null if there is none. */
  static @Nullable String toStore(Exchange exchange) {
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getProperties()
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) && value instanceof String text) {
                headers.put(name.substring(PREFIX.length()), text);
              }
            });
    if (headers.isEmpty()) {
      return null;
    }
    try {
      return JSON.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected texts to become JSON", e);
    }
  }

  /**
   * What {@link #toStore} gave.
   *
   * @throws IllegalStateException if somebody changed it to what it cannot be
   */
  public static Map<String, String> fromStore(@Nullable String stored) {
    if (stored == null) {
      return Map.of();
    }
    try {
      return JSON.readValue(stored, TEXTS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected request.headers to be a JSON object of texts");
    }
  }

  private static String cut(String value) {
    var plain = value.replace('\0', '?');
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST);
  }
}
