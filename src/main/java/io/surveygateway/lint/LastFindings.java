package io.surveygateway.lint;

import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What was found when the routes that run now were loaded. Safe for use by many threads. */
@Component
public class LastFindings {

  private volatile Findings findings = new Findings(List.of(), Map.of(), List.of());

  public Findings get() {
    return findings;
  }

  public void set(Findings findings) {
    this.findings = findings;
  }
}
