package io.surveygateway.reload;

import io.surveygateway.operations.Audit;
import io.surveygateway.operations.Audit.Asked;
import io.surveygateway.operations.Audit.Came;
import io.surveygateway.reload.Attempt.Outcome;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Loads the routes anew for a person, on record. Safe for use by many threads. */
@Component
public class ReloadOperations {

  private final Reloading reloading;
  private final Audit audit;

  ReloadOperations(Reloading reloading, Audit audit) {
    this.reloading = reloading;
    this.audit = audit;
  }

  /** Whether it is switched on at all. */
  public boolean isEnabled() {
    return reloading.isEnabled();
  }

  /** Whether it can be asked for now: it is on, and the gateway neither starts nor stops. */
  public boolean isPossible() {
    return reloading.reload().isPresent();
  }

  /** The last attempt, by whomever; nothing while there was none, or where it is off. */
  public Optional<Attempt> last() {
    return reloading.reload().flatMap(Reload::last);
  }

  /**
   * Loads the folder as it is now, changed or not.
   *
   * @return nothing if it is off, another attempt takes too long, or the gateway stops
   * @throws io.surveygateway.store.StoreUnavailableException if it could not be recorded: then
   *     nothing was loaded either
   */
  public Optional<Attempt> now(String who) {
    return reloading
        .reload()
        .flatMap(
            reload ->
                audit.record(
                    new Asked(who, "reload", "routes"), reload::now, ReloadOperations::came));
  }

  private static Came came(Optional<Attempt> attempt) {
    return attempt
        .map(
            made ->
                new Came(
                    made.outcome() == Outcome.LOADED ? made.changed().size() : 0,
                    made.outcome().word() + ": " + made.changes()))
        .orElseGet(() -> new Came(0, "Another reload took too long, or the gateway stops"));
  }
}
