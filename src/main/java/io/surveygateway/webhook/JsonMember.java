package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a member of a JSON body by its pointer (RFC 6901), and cuts it out of the bytes.
 *
 * <p>Reads without building anything, so a body costs no more memory than it has. A body that is no
 * JSON, is nested deeper than {@value #DEEPEST} levels, or is not in UTF-8 has no member. Changes
 * no body.
 */
final class JsonMember {

  /** As {@code surveyJson}, which reads what was kept. */
  private static final int DEEPEST = 100;

  /** Of one name in one place; more are not cut out one by one. */
  private static final int MOST = 16;

  private static final byte[] NO_STRING = {(byte) 0xFF};

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonMember() {}

  /**
   * @param start first byte of its name
   * @param end after the last byte of its value
   * @param text null if the value is no string
   */
  private record Found(int start, int end, @Nullable String text) {}

  /** The strings at a pointer, one for each time it is there; see {@code SignedRequest.json}. */
  static List<byte[]> values(byte[] body, String pointer) {
    return find(body, JsonPointer.compile(pointer)).stream()
        .map(found -> found.text == null ? NO_STRING : found.text.getBytes(UTF_8))
        .toList();
  }

  /**
   * The body without what is at a pointer, and every other byte as it is, save the one comma that
   * is too many then.
   *
   * @throws ProofRefusedException if it is there too often
   */
  static byte[] without(byte[] body, String pointer) {
    var rest = body;
    for (var times = 0; times <= MOST; times++) {
      var found = find(rest, JsonPointer.compile(pointer));
      if (found.isEmpty()) {
        return rest;
      }
      rest = cut(rest, found.get(0));
    }
    throw new ProofRefusedException("JSON member " + pointer + " came more than once");
  }

  private static byte[] cut(byte[] body, Found member) {
    var start = member.start;
    var end = member.end;
    var next = end;
    while (next < body.length && isBlank(body[next])) {
      next++;
    }
    if (next < body.length && body[next] == ',') {
      end = next + 1;
    } else {
      var before = start - 1;
      while (before >= 0 && isBlank(body[before])) {
        before--;
      }
      if (before >= 0 && body[before] == ',') {
        start = before;
      }
    }
    var rest = Arrays.copyOf(body, body.length - (end - start));
    System.arraycopy(body, end, rest, start, body.length - end);
    return rest;
  }

  private static boolean isBlank(byte letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
  }

  private static List<Found> find(byte[] body, JsonPointer pointer) {
    var found = new ArrayList<Found>(1);
    var depth = pointer.toString().chars().filter(letter -> letter == '/').count();
    try (var json = JSON.createParser(body)) {
      while (json.nextToken() != null) {
        // By depth first: to spell out where every member stands would take the time that a hostile
        // body wants it to.
        if (json.currentToken() == JsonToken.FIELD_NAME
            && json.getParsingContext().getNestingDepth() == depth
            && json.currentName().equals(pointer.last().getMatchingProperty())
            && json.getParsingContext().pathAsPointer().equals(pointer)) {
          found.add(member(json));
        }
        if (json.getParsingContext().inRoot() && json.nextToken() != null) {
          return List.of();
        }
      }
    } catch (IOException noJson) {
      return List.of();
    }
    return found.stream().allMatch(member -> member.start >= 0) ? found : List.of();
  }

  /** Reads on to the end of the value whose name was read last. */
  private static Found member(JsonParser json) throws IOException {
    var start = (int) json.currentTokenLocation().getByteOffset();
    var token = json.nextToken();
    var text = token == JsonToken.VALUE_STRING ? json.getText() : null;
    json.skipChildren();
    json.finishToken();
    return new Found(start, (int) json.currentLocation().getByteOffset(), text);
  }
}
