package io.surveygateway.alerts;

import io.surveygateway.failure.FailureException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to tell people, beside the log. */
interface AlertChannel {

  /** As the table names it. */
  String name();

  /** What has to be set or mended for it to be on; null where it is. Holds no secret. */
  @Nullable String offBecause();

  /**
   * Tells all of them at once, or nobody of any. Waits for a bounded time.
   *
   * @param id the same each time that the same is told
   * @throws FailureException if it is not known to have arrived
   */
  void tell(long id, List<AlertChange> changes);
}
