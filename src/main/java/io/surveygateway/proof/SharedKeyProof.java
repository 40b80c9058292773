package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Believes a request that holds a key which only the provider and we know, in a header, in a query
 * parameter, or in both.
 *
 * <p>At least one of the two must be there, and each that is there must hold one of the keys. Says
 * nothing about the body: anyone who sees one request can send others, so it wants HTTPS in front.
 *
 * <p>A header's characters stand for the bytes on the wire (ISO 8859-1, as HTTP servers read them),
 * a query parameter's text is taken as UTF-8; both are compared with the key's UTF-8.
 */
public final class SharedKeyProof implements Proof {

  private final @Nullable String header;
  private final @Nullable String queryParameter;
  private final Keys keys;

  /**
   * @param header name of the header that may hold the key, or null or empty for none
   * @param queryParameter name of the query parameter that may hold it, exact to the case, or null
   *     or empty for none
   * @throws IllegalArgumentException if neither is named
   */
  public SharedKeyProof(@Nullable String header, @Nullable String queryParameter, Keys keys) {
    this.header = isNamed(header) ? HeaderName.checked(header) : null;
    this.queryParameter = isNamed(queryParameter) ? queryParameter : null;
    this.keys = keys;
    if (this.header == null && this.queryParameter == null) {
      throw new IllegalArgumentException(
          "Expected header, queryParameter or both to be named, got neither");
    }
  }

  @Override
  public Verdict judge(SignedRequest request) {
    var places = new ArrayList<Place>(2);
    if (header != null) {
      places.add(new Place(header, request.header(header), ISO_8859_1));
    }
    if (queryParameter != null) {
      places.add(
          new Place("query parameter " + queryParameter, request.query(queryParameter), UTF_8));
    }

    var oldestMatch = Keys.NONE;
    var wrong = new ArrayList<String>(2);
    for (var place : places) {
      if (place.values.size() > 1) {
        return new Refused(place.name + " came more than once");
      }
      for (var value : place.values) {
        if (value.isEmpty()) {
          return new Refused(place.name + " is empty");
        }
        // What cannot be encoded would become a question mark, which a key may hold.
        var match = place.charset.newEncoder().canEncode(value) ? match(value, place) : Keys.NONE;
        if (match == Keys.NONE) {
          wrong.add(place.name);
        }
        oldestMatch = Math.max(oldestMatch, match);
      }
    }

    if (!wrong.isEmpty()) {
      return new Refused(
          String.join(" and ", wrong)
              + (wrong.size() == 1 ? " does not match" : " do not match")
              + ": another key");
    }
    if (oldestMatch == Keys.NONE) {
      return new Refused(
          String.join(" and ", places.stream().map(Place::name).toList())
              + (places.size() == 1 ? " is missing" : " are missing"));
    }
    return new Proved(keys.nameOf(oldestMatch));
  }

  private int match(String value, Place place) {
    var presented = value.getBytes(place.charset);
    return keys.indexOf(key -> MessageDigest.isEqual(key, presented));
  }

  private static boolean isNamed(@Nullable String name) {
    return name != null && !name.isBlank();
  }

  @Override
  public String toString() {
    return "SharedKeyProof[" + header + ", " + queryParameter + ", " + keys + "]";
  }

  private record Place(String name, List<String> values, Charset charset) {}
}
