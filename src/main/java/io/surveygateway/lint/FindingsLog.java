package io.surveygateway.lint;

import io.surveygateway.webhook.Providers;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the findings of routes that are loaded: in the log, and whose providers are left out.
 */
public final class FindingsLog {

  private static final Logger log = LoggerFactory.getLogger(FindingsLog.class);

  private FindingsLog() {}

  /**
   * Says what was not said before.
   *
   * @param before of the routes that ran until now
   */
  public static void tell(Findings findings, Findings before) {
    findings.mistakes().stream()
        .filter(mistake -> !mistake.isGrave() && !before.mistakes().contains(mistake))
        .forEach(mistake -> log.warn("{}", mistake));
    findings
        .leftOut()
        .forEach(
            (folder, mistakes) -> {
              if (!mistakes.equals(before.leftOut().get(folder))) {
                log.error(
                    "{} is left out for its mistakes:\n{}", folder, Findings.listed(mistakes));
              }
            });
  }

  /** Lets providers that are left out be known as that. */
  public static void leaveOut(Findings findings, Providers providers) {
    var reasons = new TreeMap<String, String>();
    findings
        .leftOut()
        .forEach(
            (folder, mistakes) -> {
              if (folder.contains("/providers/")) {
                reasons.put(
                    folder.substring(folder.lastIndexOf('/') + 1),
                    folder
                        + " has mistakes: "
                        + mistakes.get(0).place()
                        + ": "
                        + mistakes.get(0).says());
              }
            });
    providers.leaveOut(reasons);
  }
}
