package io.surveygateway.proof;

import java.util.List;

/**
 * A proof taken apart for a person: what it asks, in its order, and what would make it hold.
 *
 * <p>Says nowhere what the right value is, nor how near another one comes to it: a value matches as
 * a whole or not at all.
 *
 * @param findings all of them hold if, and only if, the proof's verdict is that it is proved
 * @param causes changes of request or secret with which it would hold, as sentences; empty if it
 *     holds, or if none was found
 * @param isCutShort whether there were more changes to try than a body of this size allows
 */
public record Examination(List<Finding> findings, List<String> causes, boolean isCutShort) {

  public Examination {
    findings = List.copyOf(findings);
    causes = List.copyOf(causes);
  }

  Examination(List<Finding> findings, List<String> causes) {
    this(findings, causes, false);
  }

  /** Whether nothing fails and nothing is open. */
  public boolean isClean() {
    return findings.stream().allMatch(finding -> finding.result() == Finding.Result.HOLDS);
  }
}
