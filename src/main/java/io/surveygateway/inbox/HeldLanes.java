package io.surveygateway.inbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the lanes of new routes claim only when all of these are there: the first to start could
 * need the last.
 *
 * <p>Lets them at once while no routes are being replaced. Safe for use by many threads.
 */
public final class HeldLanes {

  private @Nullable List<Runnable> held;

  /** From here on lanes that start are held; those that are held will never start. */
  public synchronized void hold() {
    held = new ArrayList<>();
  }

  /**
   * @param lane claims from then on
   */
  public void start(Runnable lane) {
    synchronized (this) {
      if (held != null) {
        held.add(lane);
        return;
      }
    }
    lane.run();
  }

  /** Those that are held start, and others at once. */
  public void release() {
    List<Runnable> lanes;
    synchronized (this) {
      lanes = held == null ? List.of() : held;
      held = null;
    }
    lanes.forEach(Runnable::run);
  }
}
