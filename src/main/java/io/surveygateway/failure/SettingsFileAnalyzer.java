package io.surveygateway.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Prints where application.yaml stops being YAML, in place of a stack that names no file. Quotes
 * nothing of it: the line may hold a secret.
 */
final class SettingsFileAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, MarkedYAMLException cause) {
    var place = cause.getProblemMark();
    return new FailureAnalysis(
        "application.yaml cannot be read%s: %s"
            .formatted(
                place == null
                    ? ""
                    : ", line " + (place.getLine() + 1) + ", column " + (place.getColumn() + 1),
                cause.getProblem()),
        "Mend it there; it is the one in the folder that the gateway is started in, or one that"
            + " --spring.config.location names. Indentation decides what belongs to what.",
        cause);
  }
}
