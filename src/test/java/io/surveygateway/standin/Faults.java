package io.surveygateway.standin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The faults that a stand-in is told to have, in the order of telling. Threads may share it. */
public final class Faults {

  private final List<Fault> next = new ArrayList<>();
  private final List<Fault> always = new ArrayList<>();

  /** Has each of these once, in this order. */
  public synchronized void next(Fault... faults) {
    Collections.addAll(next, faults);
  }

  /** Has the same for a number of requests. */
  public synchronized void next(int requests, Fault fault) {
    next.addAll(Collections.nCopies(requests, fault));
  }

  /** Has this whenever nothing else is due, until {@link #clear()}. */
  public synchronized void always(Fault fault) {
    always.add(fault);
  }

  /** Has none any more. */
  public synchronized void clear() {
    next.clear();
    always.clear();
  }

  /** How many of {@code next} have not happened. */
  public synchronized int left() {
    return next.size();
  }

  synchronized Optional<Fault> take(StandInRequest request) {
    for (var faults = next.iterator(); faults.hasNext(); ) {
      var fault = faults.next();
      if (fault.meets(request)) {
        faults.remove();
        return Optional.of(fault);
      }
    }
    return always.stream().filter(fault -> fault.meets(request)).findFirst();
  }
}
