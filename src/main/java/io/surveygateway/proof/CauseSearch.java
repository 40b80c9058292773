package io.surveygateway.proof;

import io.surveygateway.proof.HmacProof.Algorithm;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the fewest changes with which a keyed hash would match, one or two of them, by trying.
 *
 * @param messages what may have been signed, as it came first
 * @param keys what it may have been signed with
 * @param algorithms the one that is asked for first
 * @param values hashes that may be meant, decoded
 */
record CauseSearch(
    List<Varied> messages, List<Varied> keys, List<Algorithm> algorithms, List<Varied> values) {

  private static final int MOST_CHANGES = 2;
  private static final int MOST_CAUSES = 3;

  /** Bytes that are hashed for one search: a tenth of a second or so. */
  private static final long MOST_HASHED = 64L << 20;

  /**
   * @param causes each as sentences; none if nothing fits
   * @param isCutShort whether some were not tried
   */
  record Found(List<String> causes, boolean isCutShort) {}

  Found found() {
    var lengths = Set.copyOf(values.stream().map(value -> value.bytes().length).toList());
    var hashed = 0L;
    for (var changes = 1; changes <= MOST_CHANGES; changes++) {
      var causes = new ArrayList<String>();
      for (var message : messages) {
        for (var key : keys) {
          for (var algorithm : algorithms) {
            var made = changes(message, key, algorithm);
            if (made > changes || !lengths.contains(algorithm.bytes())) {
              continue;
            }
            hashed += message.bytes().length + 128L;
            if (hashed > MOST_HASHED) {
              return new Found(causes, true);
            }
            var hash = algorithm.of(key.bytes(), message.bytes());
            for (var value : values) {
              var isMeant = made + (value.isChanged() ? 1 : 0) == changes;
              // All of them, and each as a whole.
              if (MessageDigest.isEqual(hash, value.bytes()) && isMeant) {
                causes.add(words(value, message, key, algorithm));
              }
            }
          }
        }
      }
      if (!causes.isEmpty()) {
        return new Found(causes.stream().distinct().limit(MOST_CAUSES).toList(), false);
      }
    }
    return new Found(List.of(), false);
  }

  /** The same, with another algorithm for the one that is asked for. */
  CauseSearch withFirst(Algorithm asked) {
    var others = new ArrayList<>(List.of(asked));
    algorithms.stream().filter(algorithm -> algorithm != asked).forEach(others::add);
    return new CauseSearch(messages, keys, others, values);
  }

  private int changes(Varied message, Varied key, Algorithm algorithm) {
    return (message.isChanged() ? 1 : 0)
        + (key.isChanged() ? 1 : 0)
        + (algorithm == algorithms.get(0) ? 0 : 1);
  }

  private String words(Varied value, Varied message, Varied key, Algorithm algorithm) {
    var words = new ArrayList<String>();
    words.add(value.words());
    words.add(message.words());
    words.add(key.words());
    if (algorithm != algorithms.get(0)) {
      words.add(
          "It is an HMAC by %s, and one by %s is asked for."
              .formatted(algorithm.inWords(), algorithms.get(0).inWords()));
    }
    words.removeIf(String::isEmpty);
    return String.join(" ", words);
  }
}
