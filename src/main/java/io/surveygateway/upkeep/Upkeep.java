package io.surveygateway.upkeep;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.upkeep.GapLooks.Look;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the gateway does at one provider beside its events, for operators. */
public interface Upkeep {

  /** The provider's name in paths. */
  String provider();

  /** What has to be set for gaps to be repaired; null where they are. */
  @Nullable String offBecause();

  /**
   * Starts a repair of gaps, whatever its date.
   *
   * @return false where one is under way, at this gateway or another
   */
  boolean repairNow();

  /** How the repair of gaps stands, over all gateways. */
  SharedJobs.State repair();

  /** What came of the last look at each survey. */
  List<Look> looks();

  /**
   * How the provider's webhooks stood when they were last checked; null where the gateway has no
   * part in them, or has not checked.
   */
  default @Nullable JsonNode subscriptions() {
    return null;
  }
}
