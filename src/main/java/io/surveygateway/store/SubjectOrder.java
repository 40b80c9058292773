package io.surveygateway.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Finds the deliveries of a destination that may go: of each subject the oldest open one, and none
 * while another is under way.
 *
 * <p>One that is due behind an older one of its subject, which waits for a later date, would be
 * found at every search, and passed over. Where such ones are in the way they are set behind: a
 * search passes them by, and whatever ends a delivery lets the next of its subject go ({@link
 * #letNextGo}). So a search reads no more than it gives, however many are due.
 *
 * <p>Being set behind ends by itself too, {@value #MINUTES_BEHIND} minutes later: a next one that
 * somebody else held, just when it was to go, goes then.
 *
 * <p>Keeps no state. Used within the transactions of others, and waits for no row: on PostgreSQL it
 * passes over those that are held.
 */
final class SubjectOrder {

  static final int MINUTES_BEHIND = 10;

  /** Rows of one look, besides those that are asked for. */
  static final int LOOK = 100;

  /** Looks of one search: what it sets behind, it writes. */
  static final int LOOKS = 10;

  /** As in the index of V9. */
  private static final String DUE =
      "(CASE WHEN d.behind_until > d.due_at THEN d.behind_until ELSE d.due_at END)";

  /**
   * What is due and held by nobody, the longest due first; of each the first of its subject, and
   * how many of its subject are under way.
   *
   * <p>Scalars, since PostgreSQL makes of EXISTS a table of all answers, or joins all with all.
   */
  static final String SEARCH =
      "SELECT d.id, (SELECT f.id FROM delivery f WHERE f.destination = d.destination AND f.subject ="
          + " d.subject AND "
          + openOfSubject("f")
          + " ORDER BY f.event_time, f.id LIMIT 1), (SELECT count(*) FROM delivery w WHERE"
          + " w.destination = d.destination AND w.subject = d.subject AND "
          + openOfSubject("w")
          + " AND w.lease_until > 0 AND w.lease_until > ?) FROM delivery d WHERE d.destination = ?"
          + " AND d."
          + Leases.OPEN
          + " AND "
          + DUE
          + " <= ? AND d.lease_until <= ? ORDER BY "
          + DUE
          + ", d.id LIMIT ?";

  /** Of each delivery's subject the first that is set behind. */
  private static final String NEXT =
      "SELECT (SELECT b.id FROM delivery b WHERE b.destination = e.destination AND b.subject ="
          + " e.subject AND "
          + openOfSubject("b")
          + " AND b.behind_until > 0 ORDER BY b.event_time, b.id LIMIT 1%s) FROM delivery e WHERE"
          + " e.id IN (%s)";

  /**
   * A delivery that is due.
   *
   * @param first of its subject
   */
  private record Due(long id, long first, boolean isSubjectUnderWay) {

    boolean mayGo() {
      return id == first && !isSubjectUnderWay;
    }
  }

  /**
   * @param ids of those that may go, the longest due first
   * @param isCutShort whether the next search may find more, since this one has cleared the way
   */
  record Found(List<Long> ids, boolean isCutShort) {}

  private final Dialect dialect;

  SubjectOrder(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Waits or is retried, said as in the indexes of V22, for what is to go along these. */
  static String openOfSubject(String table) {
    return "CASE WHEN " + table + "." + Leases.OPEN + " THEN 'open' END = 'open'";
  }

  /**
   * @param now milliseconds since 1970
   * @param limit of those found; fewer may be found though there are more, see {@link Found}
   */
  Found find(JdbcTemplate jdbc, String destination, long now, int limit) {
    for (var look = 1; ; look++) {
      var due = search(jdbc, destination, now, LOOK + limit);
      var found = due.stream().filter(Due::mayGo).map(Due::id).limit(limit).toList();
      var isAll = due.size() < LOOK + limit || found.size() == limit;
      if (isAll || !setBehind(jdbc, due, now)) {
        return new Found(found, false);
      }
      if (look == LOOKS) {
        return new Found(found, true);
      }
    }
  }

  private static List<Due> search(JdbcTemplate jdbc, String destination, long now, int size) {
    return jdbc.query(
        SEARCH,
        (row, n) -> new Due(row.getLong(1), row.getLong(2), row.getInt(3) > 0),
        now,
        destination,
        now,
        now,
        size);
  }

  /**
   * Those whose first one can be held: whoever ends that one meanwhile waits for us, and then sees
   * what is behind it.
   *
   * @return false if there were none
   */
  private boolean setBehind(JdbcTemplate jdbc, List<Due> due, long now) {
    var behind = due.stream().filter(each -> each.id != each.first).toList();
    var firsts = hold(jdbc, behind.stream().map(Due::first).distinct().toList(), Long.MAX_VALUE);
    var ids = behind.stream().filter(each -> firsts.contains(each.first)).map(Due::id).toList();
    return set(jdbc, hold(jdbc, ids, now), now + Duration.ofMinutes(MINUTES_BEHIND).toMillis()) > 0;
  }

  /**
   * Those that are open and that nobody holds.
   *
   * @param leasedUntil their lease ends by then
   */
  private Set<Long> hold(JdbcTemplate jdbc, Collection<Long> ids, long leasedUntil) {
    return ids.isEmpty()
        ? Set.of()
        : new TreeSet<>(
            jdbc.queryForList(
                hold(dialect, ids.size()),
                Long.class,
                Stream.concat(ids.stream(), Stream.of(leasedUntil)).toArray()));
  }

  /**
   * SQL for the ids of those that are open, whose lease ends by a given time, and that nobody
   * holds.
   */
  static String hold(Dialect dialect, int ids) {
    return "SELECT id FROM delivery WHERE id IN ("
        + InboxStore.placeholders(ids)
        + ") AND "
        + Leases.STILL_OPEN
        + " AND lease_until <= ?"
        + dialect.claimSuffix();
  }

  private static int set(JdbcTemplate jdbc, Collection<Long> ids, long behindUntil) {
    return ids.isEmpty()
        ? 0
        : jdbc.update(
            "UPDATE delivery SET behind_until = ? WHERE id IN ("
                + InboxStore.placeholders(ids.size())
                + ")",
            Stream.concat(Stream.of(behindUntil), ids.stream()).toArray());
  }

  /**
   * Of each subject the next may go. To be called in the transaction that ended these, or gave them
   * another subject or date, in a statement after the one that did.
   *
   * @param ids of deliveries; what is still open among them changes nothing
   */
  static void letNextGo(JdbcTemplate jdbc, Dialect dialect, Collection<Long> ids) {
    if (ids.isEmpty()) {
      return;
    }
    var next =
        jdbc.queryForList(next(dialect, ids.size()), Long.class, ids.toArray()).stream()
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(TreeSet::new));
    set(jdbc, next, 0);
  }

  static String next(Dialect dialect, int ids) {
    return NEXT.formatted(dialect.claimSuffix(), InboxStore.placeholders(ids));
  }
}
