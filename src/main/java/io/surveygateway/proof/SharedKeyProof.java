package io.surveygateway.proof;

import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Believes a request that holds a key which only the provider and we know, in a header, a query
 * parameter, a field of a form or a member of JSON, or in several of them.
 *
 * <p>At least one of them must be there, and each that is there must hold one of the keys. Says
 * nothing about the body: anyone who sees one request can send others, so it wants HTTPS in front.
 */
public final class SharedKeyProof implements Proof {

  private final List<Place> places;
  private final Keys keys;

  /**
   * @param header name of the header that may hold the key, or null or empty for none
   * @param queryParameter name of the query parameter that may hold it, exact to the case, or null
   *     or empty for none
   * @throws IllegalArgumentException if neither is named
   */
  public SharedKeyProof(@Nullable String header, @Nullable String queryParameter, Keys keys) {
    this(Place.named(header, queryParameter, null, null), keys);
  }

  /**
   * @param places that may hold the key
   * @throws IllegalArgumentException if there is none
   */
  public SharedKeyProof(List<Place> places, Keys keys) {
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected at least one of header, queryParameter, formField and jsonPointer to be named,"
              + " got none");
    }
    this.places = List.copyOf(places);
    this.keys = keys;
  }

  @Override
  public Verdict judge(SignedRequest request) {
    var oldestMatch = Keys.NONE;
    var wrong = new ArrayList<String>(2);
    for (var place : places) {
      var values = place.in(request);
      if (values.size() > 1) {
        return new Refused(place + " came more than once");
      }
      for (var value : values) {
        if (value.length == 0) {
          return new Refused(place + " is empty");
        }
        var match = keys.indexOf(key -> MessageDigest.isEqual(key, value));
        if (match == Keys.NONE) {
          wrong.add(place.toString());
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
          String.join(" and ", places.stream().map(Place::toString).toList())
              + (places.size() == 1 ? " is missing" : " are missing"));
    }
    return new Proved(keys.nameOf(oldestMatch));
  }

  @Override
  public List<Place> places() {
    return places;
  }

  @Override
  public String toString() {
    return "SharedKeyProof" + places + "[" + keys + "]";
  }
}
