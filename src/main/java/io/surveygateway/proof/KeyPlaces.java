package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Looks for a fixed key where it is not asked for, or written as it should not be. */
final class KeyPlaces {

  private KeyPlaces() {}

  /**
   * @param value that came where the key is asked for
   * @param isKey whether bytes are one of the keys, as a whole
   * @return what would make it right
   */
  static List<String> rewritten(String place, String value, Predicate<byte[]> isKey) {
    var causes = new ArrayList<String>();
    add(causes, place + " has white space or quotes round the key.", bare(value), value, isKey);
    var scheme = value.strip().replaceFirst("(?i)^(bearer|basic|token|apikey|key)[ :=]+", "");
    add(causes, place + " has a word before the key.", scheme, value, isKey);
    add(
        causes,
        place + " has the key percent-encoded once too often.",
        decoded(value.replace("+", "%2B")),
        value,
        isKey);
    add(
        causes,
        place + " has a space for each + of the key.",
        value.replace(' ', '+'),
        value,
        isKey);
    return causes;
  }

  /** Other headers and parameters that hold it. */
  static List<String> elsewhere(
      WholeRequest request, List<Place> asked, String lookedFor, Predicate<byte[]> isKey) {
    var causes = new ArrayList<String>();
    for (var name : request.headerNames()) {
      if (asked.stream()
              .noneMatch(p -> p.kind() == Place.Kind.HEADER && p.name().equalsIgnoreCase(name))
          && request.header(name).stream().anyMatch(value -> holds(value, isKey))) {
        causes.add(
            "The key stands in header " + name + ", and is looked for in " + lookedFor + ".");
      }
    }
    for (var name : request.queryNames()) {
      if (!asked.contains(new Place(Place.Kind.QUERY, name))
          && request.query(name).stream().anyMatch(value -> holds(value, isKey))) {
        causes.add(
            "The key stands in query parameter "
                + name
                + ", and is looked for in "
                + lookedFor
                + ".");
      }
    }
    return causes;
  }

  private static boolean holds(String value, Predicate<byte[]> isKey) {
    return isKey.test(value.getBytes(UTF_8))
        || isKey.test(bare(value.strip().replaceFirst("(?i)^bearer +", "")).getBytes(UTF_8));
  }

  static String bare(String value) {
    return value.strip().replaceAll("^[\"']+|[\"']+$", "").strip();
  }

  private static String decoded(String value) {
    try {
      return java.net.URLDecoder.decode(value, UTF_8);
    } catch (IllegalArgumentException broken) {
      return value;
    }
  }

  private static void add(
      List<String> causes, String words, String changed, String value, Predicate<byte[]> isKey) {
    if (causes.isEmpty() && !changed.equals(value) && isKey.test(changed.getBytes(UTF_8))) {
      causes.add(words);
    }
  }
}
