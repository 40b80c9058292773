package io.surveygateway.operations;

import io.surveygateway.store.AuditLog;
import io.surveygateway.store.Change;
import io.surveygateway.store.StoreUnavailableException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records each change that a person asks for, round the change itself. Safe for many threads. */
public final class Audit {

  /**
   * What was asked.
   *
   * @param who the person
   * @param action such as {@code retry}
   * @param target such as {@code delivery 12}
   * @param detail a filter or a reason, where there is one
   */
  public record Asked(String who, String action, String target, @Nullable String detail) {

    public Asked(String who, String action, String target) {
      this(who, action, target, null);
    }
  }

  /** What came of it: how many rows, and a note for a person. */
  public record Came(long changed, @Nullable String note) {

    static Came of(Change change) {
      return new Came(change.isChanged() ? 1 : 0, change.note());
    }

    static Came of(List<Change> changes) {
      return new Came(
          changes.stream().filter(Change::isChanged).count(),
          changes.size() == 1 ? changes.get(0).note() : null);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  private final AuditLog entries;

  Audit(AuditLog entries) {
    this.entries = entries;
  }

  /**
   * @throws StoreUnavailableException if it could not be recorded: then it was not changed either
   */
  public <T> T record(Asked asked, Supplier<T> change, Function<T, Came> came) {
    var entry = entries.begin(asked.who, asked.action, asked.target, asked.detail);
    T result;
    try {
      result = change.get();
    } catch (IllegalArgumentException e) {
      // Made for whoever asked.
      end(entry, new Came(0, e.getMessage()));
      throw e;
    } catch (RuntimeException e) {
      end(entry, new Came(0, "It failed: " + e.getClass().getSimpleName()));
      throw e;
    }
    end(entry, came.apply(result));
    return result;
  }

  /** The change is made, or not: whoever asked is told so, also where this cannot be written. */
  private void end(long entry, Came came) {
    try {
      entries.end(entry, came.changed, came.note);
    } catch (StoreUnavailableException e) {
      log.warn("What came of the change is not in the audit log: {}", e.getMessage());
    }
  }
}
