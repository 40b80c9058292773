package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

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
  public Examination examine(WholeRequest request) {
    var isOneThere = places.stream().anyMatch(place -> !place.in(request).isEmpty());
    var findings = new ArrayList<Finding>();
    var causes = new ArrayList<String>();
    for (var place : places) {
      findings.add(finding(place, request, isOneThere));
      for (var value : place.in(request)) {
        if (!isKey(value)) {
          causes.addAll(
              KeyPlaces.rewritten(place.toString(), new String(value, UTF_8), this::isKey));
        }
      }
    }
    if (findings.stream().anyMatch(found -> found.result() != Finding.Result.HOLDS)) {
      causes.addAll(KeyPlaces.elsewhere(request, places, anyOf(places), this::isKey));
    }
    return new Examination(findings, causes);
  }

  private Finding finding(Place place, SignedRequest request, boolean isOneThere) {
    var asks = place + " holds one of the keys" + (places.size() > 1 ? ", if it is there" : "");
    var values = place.in(request);
    if (values.isEmpty()) {
      return isOneThere ? Finding.holds(asks, "It is not.") : Finding.fails(asks, "It is missing.");
    }
    if (values.size() > 1) {
      return Finding.fails(asks, "It came " + values.size() + " times.");
    }
    if (values.get(0).length == 0) {
      return Finding.fails(asks, "It is empty.");
    }
    var match = keys.indexOf(key -> MessageDigest.isEqual(key, values.get(0)));
    return match == Keys.NONE
        ? Finding.fails(asks, "It holds another one, of " + values.get(0).length + " bytes.")
        : Finding.holds(asks, "It holds the " + keys.nameOf(match) + ".");
  }

  private boolean isKey(byte[] value) {
    return keys.indexOf(key -> MessageDigest.isEqual(key, value)) != Keys.NONE;
  }

  private static String anyOf(List<Place> places) {
    return String.join(" or ", places.stream().map(Place::toString).toList());
  }

  @Override
  public List<String> secrets() {
    return keys.names();
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
