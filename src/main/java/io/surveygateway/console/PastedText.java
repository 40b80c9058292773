package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.operations.ProofOperations;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Reads requests and their parts as people paste them. */
final class PastedText {

  private static final int LONGEST_HEADER = 8 << 10;
  private static final Pattern REQUEST_LINE =
      Pattern.compile("(?:[A-Z]{3,7} )?(\\S*?)(?:\\?(\\S*))?(?: HTTP/[0-9.]+)?");

  /** As a shell has it: {@code -H 'X-Signature: 1a2b'}. */
  private static final Pattern OF_CURL = Pattern.compile("(?:-H|--header) (['\"])(.*)\\1 ?\\\\?");

  private PastedText() {}

  /**
   * Names and values, one a line, in their order; a request line, and lines that are empty, are
   * left out.
   */
  static List<Map.Entry<String, String>> headers(String text) {
    var headers = new ArrayList<Map.Entry<String, String>>();
    for (var raw : text.split("\\R")) {
      var line = raw.strip();
      var curl = OF_CURL.matcher(line);
      if (curl.matches()) {
        line = curl.group(2);
      }
      var colon = line.indexOf(':');
      if (line.isEmpty() || isRequestLine(line)) {
        continue;
      }
      if (colon < 1) {
        throw ApiQuery.refuse("Expected each header as a line, Name: value");
      }
      headers.add(Map.entry(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }
    return checked(headers);
  }

  private static boolean isRequestLine(String line) {
    return line.matches("(GET|HEAD|POST|PUT) \\S+( HTTP/[0-9.]+)?");
  }

  static List<Map.Entry<String, String>> checked(List<Map.Entry<String, String>> headers) {
    if (headers.size() > ProofOperations.MOST_HEADERS
        || headers.stream()
            .anyMatch(h -> h.getKey().length() + h.getValue().length() > LONGEST_HEADER)) {
      throw ApiQuery.refuse(
          "Expected %d headers at most, each of %d characters at most"
              .formatted(ProofOperations.MOST_HEADERS, LONGEST_HEADER));
    }
    return List.copyOf(headers);
  }

  static @Nullable String value(List<Map.Entry<String, String>> headers, String name) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** What is behind the question mark of an address, of a request line, or is one by itself. */
  static @Nullable String query(String text) {
    var line = text.strip();
    if (line.isEmpty()) {
      return null;
    }
    if (line.length() > LONGEST_HEADER) {
      throw ApiQuery.refuse("Expected an address of " + LONGEST_HEADER + " characters at most");
    }
    if (line.indexOf('?') < 0) {
      return line.startsWith("/") || line.contains("://") ? null : line;
    }
    var found = REQUEST_LINE.matcher(line);
    return found.matches() ? found.group(2) : line.substring(line.indexOf('?') + 1);
  }

  /**
   * The bodies that a text from a form may stand for: a browser makes every line end of a form
   * CRLF.
   *
   * @param as {@code text}, {@code hex} or {@code base64}
   */
  static List<byte[]> bodies(String text, String as) {
    if (!as.equals("text")) {
      return List.of(bytes(text, as));
    }
    var lf = text.replace("\r\n", "\n");
    var bodies = new ArrayList<byte[]>();
    bodies.add(limited(lf.getBytes(UTF_8)));
    if (lf.indexOf('\n') >= 0) {
      bodies.add(limited(lf.replace("\n", "\r\n").getBytes(UTF_8)));
    }
    return bodies;
  }

  /** White space between digits, as dumps have it, is left out. */
  static byte[] bytes(String text, String as) {
    try {
      var digits = text.replaceAll("\\s+", "");
      return limited(
          switch (as) {
            case "hex" -> HexFormat.of().parseHex(digits);
            case "base64" -> Base64.getDecoder().decode(digits);
            default -> throw ApiQuery.refuse("Expected text, hex or base64");
          });
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse("Expected a body in " + as + ", and it cannot be read so");
    }
  }

  private static byte[] limited(byte[] body) {
    if (body.length > ProofOperations.LARGEST_BODY) {
      throw ApiQuery.refuse(
          HttpStatus.PAYLOAD_TOO_LARGE,
          "Expected a body of " + ProofOperations.LARGEST_BODY + " bytes at most");
    }
    return body;
  }
}
