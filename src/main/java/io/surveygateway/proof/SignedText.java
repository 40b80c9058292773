package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a provider signs, such as {@code {header:X-Id}.{body}}: parts of the request in braces,
 * everything else as it stands.
 *
 * <p>{@code {body}} is the raw body, {@code {header:X-Id}} and {@code {query:id}} are one value of
 * that name, {@code {form:MSG}} is a field of an urlencoded body, decoded. Immutable.
 */
public final class SignedText {

  private static final Pattern PART =
      Pattern.compile("\\{(?:(body)|(header|query|form):([^{}]+))}");

  /** The raw body and nothing else. */
  public static final SignedText BODY = parse("{body}");

  /** A place, or the body (neither), or a text. */
  private record Part(@Nullable Place place, byte @Nullable [] text) {}

  private final String template;
  private final List<Part> parts;

  private SignedText(String template, List<Part> parts) {
    this.template = template;
    this.parts = parts;
  }

  /**
   * @throws IllegalArgumentException if it names nothing of the content, or something else
   */
  public static SignedText parse(String template) {
    var parts = new ArrayList<Part>();
    var matcher = PART.matcher(template);
    var end = 0;
    while (matcher.find()) {
      addText(parts, template, end, matcher.start());
      parts.add(
          matcher.group(1) != null
              ? new Part(null, null)
              : new Part(place(matcher.group(2), matcher.group(3).strip()), null));
      end = matcher.end();
    }
    addText(parts, template, end, template.length());
    var coversContent =
        parts.stream()
            .anyMatch(
                part -> part.text == null && (part.place == null || part.place.kind().isBody()));
    if (!coversContent) {
      throw unexpected(template);
    }
    return new SignedText(template, List.copyOf(parts));
  }

  private static void addText(List<Part> parts, String template, int start, int end) {
    var text = template.substring(start, end);
    if (text.contains("{") || text.contains("}")) {
      throw unexpected(template);
    }
    if (!text.isEmpty()) {
      parts.add(new Part(null, text.getBytes(UTF_8)));
    }
  }

  private static IllegalArgumentException unexpected(String template) {
    return new IllegalArgumentException(
        "Expected signed to name the body or a form field, such as {body},"
            + " {header:X-Timestamp}.{body} or {form:MSG}, got \""
            + template
            + "\"");
  }

  private static Place place(String kind, String name) {
    return switch (kind) {
      case "header" -> new Place(Place.Kind.HEADER, name);
      case "query" -> new Place(Place.Kind.QUERY, name);
      default -> new Place(Place.Kind.FORM, name);
    };
  }

  /** Whether that header is signed along. */
  boolean covers(String header) {
    return parts.stream()
        .anyMatch(
            part ->
                part.place != null
                    && part.place.kind() == Place.Kind.HEADER
                    && part.place.name().equalsIgnoreCase(header));
  }

  /** Why the request holds no such text; empty if it does. */
  Optional<String> complaint(SignedRequest request) {
    for (var part : parts) {
      if (part.place != null) {
        var times = part.place.in(request).size();
        if (times != 1) {
          return Optional.of(part.place + (times == 0 ? " is missing" : " came more than once"));
        }
      }
    }
    return Optional.empty();
  }

  boolean isBodyAlone() {
    return parts.size() == 1 && parts.get(0).place == null;
  }

  /** Of what it is made in a request that there is no complaint about, by lengths alone. */
  String sizes(SignedRequest request) {
    var sizes =
        parts.stream()
            .map(
                part ->
                    part.text != null
                        ? "\"" + new String(part.text, UTF_8) + "\""
                        : (part.place == null ? "body" : part.place.toString())
                            + " of "
                            + bytes(part, request).length
                            + " bytes")
            .toList();
    return String.join(", ", sizes)
        + (parts.size() == 1 ? "." : "; " + in(request).length + " bytes in all.");
  }

  /** The bytes that are signed, of a request that there is no complaint about. */
  byte[] in(SignedRequest request) {
    if (parts.size() == 1) {
      return bytes(parts.get(0), request);
    }
    var signed = new ByteArrayOutputStream(request.body().length + 64);
    parts.forEach(part -> signed.writeBytes(bytes(part, request)));
    return signed.toByteArray();
  }

  private static byte[] bytes(Part part, SignedRequest request) {
    if (part.text != null) {
      return part.text;
    }
    return part.place == null ? request.body() : part.place.in(request).get(0);
  }

  @Override
  public String toString() {
    return template;
  }
}
