package io.surveygateway.packaged;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was sent and how it was answered, and what has to stand where because of it: a gateway in a
 * few lines, without time, failures or a disk. Threads may share it.
 */
final class Ledger {

  /** A body that was sent with a right proof. */
  static final class Body {

    final Sending sending;
    int tries;
    int accepted;

    private Body(Sending sending) {
      this.sending = sending;
    }
  }

  private final Map<ByteBuffer, Body> bodies = new HashMap<>();
  private final Map<String, Told> accepted = new TreeMap<>();
  private final Map<String, Integer> doubts = new HashMap<>();
  private final TreeSet<String> unexpected = new TreeSet<>();
  private final Map<String, Integer> forged = new TreeMap<>();
  private final Map<Integer, Integer> answers = new TreeMap<>();

  /** It goes out; the answer may never come. */
  synchronized void tries(Sending sending) {
    if (!sending.isForged()) {
      bodies.computeIfAbsent(hash(sending.request().body()), any -> new Body(sending)).tries++;
    }
  }

  /**
   * @param status of the answer, or 0 where none came
   * @return whether it is settled, and not sent again
   */
  synchronized boolean answered(Sending sending, int status) {
    answers.merge(status, 1, Integer::sum);
    if (status == 0 || status == 503) {
      return false;
    }
    var provider = sending.request().provider();
    if (status != (sending.isForged() ? 401 : 200)) {
      unexpected.add("answer: " + status + " to " + sending.request().story() + " of " + provider);
    } else if (sending.isForged()) {
      forged.merge(provider, 1, Integer::sum);
    } else {
      bodies.get(hash(sending.request().body())).accepted++;
      sending.told().forEach(told -> accepted.put(told.key(), told));
    }
    return true;
  }

  /** Slack took the message with this mark, and its answer was kept from the gateway. */
  synchronized void doubt(String mark) {
    doubts.merge(mark, 1, Integer::sum);
  }

  synchronized int doubts(String mark) {
    return doubts.getOrDefault(mark, 0);
  }

  synchronized int doubts() {
    return doubts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The events that were answered 200, each once. */
  synchronized Collection<Told> accepted() {
    return List.copyOf(accepted.values());
  }

  synchronized int size() {
    return accepted.size();
  }

  /** How often each status was answered; 0 is no answer. */
  synchronized Map<Integer, Integer> answers() {
    return new TreeMap<>(answers);
  }

  /** Answers that no request may get. */
  synchronized List<String> unexpected() {
    return List.copyOf(unexpected);
  }

  /** How many forged requests of each provider were refused. */
  synchronized Map<String, Integer> forged() {
    return new TreeMap<>(forged);
  }

  /** What was sent with this body and a right proof. */
  synchronized Optional<Body> body(byte[] body) {
    return Optional.ofNullable(bodies.get(hash(body)));
  }

  synchronized Collection<Body> bodies() {
    return List.copyOf(bodies.values());
  }

  /**
   * The event that each response has to show at a destination: the newest that it does not refuse.
   */
  synchronized Map<String, Told> shownBy(String destination) {
    var newest = new TreeMap<String, Told>();
    for (var told : accepted.values()) {
      if (told.destinations().contains(destination) && !told.isRefusedBy(destination)) {
        newest.merge(
            told.subject(),
            told,
            (a, b) -> Comparator.comparing(Told::at).compare(a, b) >= 0 ? a : b);
      }
    }
    return newest;
  }

  static ByteBuffer hash(byte[] body) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
