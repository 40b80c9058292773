package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in a request a proof stands.
 *
 * @param kind which part of the request
 * @param name of the header (upper and lower case are one), query parameter or form field, or the
 *     JSON pointer (RFC 6901) of a member
 */
public record Place(Kind kind, String name) {

  /** A part of a request. */
  public enum Kind {
    HEADER,
    QUERY,
    /** A field of a body that is {@code application/x-www-form-urlencoded}. */
    FORM,
    /** A member of a JSON body that is a string. */
    JSON;

    /** Whether what stands there is part of the body. */
    public boolean isBody() {
      return this == FORM || this == JSON;
    }
  }

  /** In no text that is UTF-8, so it equals no key and is no signature. */
  private static final byte[] UNWRITABLE = {(byte) 0xFF};

  private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*/([^~/]|~[01])+");

  /**
   * @throws IllegalArgumentException if the name is none that such a place could have
   */
  public Place {
    switch (kind) {
      case HEADER -> HeaderName.checked(name);
      case JSON -> {
        if (!POINTER.matcher(name).matches()) {
          throw new IllegalArgumentException(
              "Expected jsonPointer to point at a member, such as /api_token, got \""
                  + name
                  + "\"");
        }
      }
      default -> {
        if (name.isBlank()) {
          throw new IllegalArgumentException("Expected a " + kind + " to have a name, got none");
        }
      }
    }
  }

  public static Place header(String name) {
    return new Place(Kind.HEADER, name);
  }

  /** Those of the four that are named; a blank or null one is not. */
  public static List<Place> named(
      @Nullable String header,
      @Nullable String queryParameter,
      @Nullable String formField,
      @Nullable String jsonPointer) {
    var places = new ArrayList<Place>();
    add(places, Kind.HEADER, header);
    add(places, Kind.QUERY, queryParameter);
    add(places, Kind.FORM, formField);
    add(places, Kind.JSON, jsonPointer);
    return List.copyOf(places);
  }

  private static void add(List<Place> places, Kind kind, @Nullable String name) {
    if (name != null && !name.isBlank()) {
      places.add(new Place(kind, name));
    }
  }

  /**
   * What stands there, once for each time that it was given.
   *
   * <p>A header's characters stand for the bytes on the wire (ISO 8859-1, as HTTP servers read
   * them), a query parameter's text is taken as UTF-8, and the body's are as they came.
   */
  List<byte[]> in(SignedRequest request) {
    return switch (kind) {
      case HEADER -> request.header(name).stream().map(v -> bytes(v, ISO_8859_1)).toList();
      case QUERY -> request.query(name).stream().map(v -> bytes(v, UTF_8)).toList();
      case FORM -> request.form(name);
      case JSON -> request.json(name);
    };
  }

  /** What cannot be encoded would become a question mark, which a key may hold. */
  private static byte[] bytes(String value, Charset charset) {
    return charset.newEncoder().canEncode(value) ? value.getBytes(charset) : UNWRITABLE;
  }

  /** As an operator reads it: {@code X-Signature}, {@code query parameter token}. */
  @Override
  public String toString() {
    return switch (kind) {
      case HEADER -> name;
      case QUERY -> "query parameter " + name;
      case FORM -> "form field " + name;
      case JSON -> "JSON member " + name;
    };
  }
}
