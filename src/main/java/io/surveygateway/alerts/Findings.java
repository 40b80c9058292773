package io.surveygateway.alerts;

import java.util.List;

/** Looks at one side of the gateway for what is amiss. */
@FunctionalInterface
interface Findings {

  /**
   * @param known what was amiss at the last look
   * @throws io.surveygateway.store.StoreUnavailableException if the store could not be asked
   */
  List<Finding> look(List<Alert> known);
}
