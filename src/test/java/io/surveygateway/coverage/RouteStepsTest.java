package io.surveygateway.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteStepsTest {

  @TempDir Path base;

  @BeforeEach
  void write() throws IOException {
    var routes = Files.createDirectory(base.resolve("routes"));
    Files.writeString(
        routes.resolve("one.camel.yaml"),
        """
        - route:
            id: one
            from:
              id: from-one
              uri: direct:one
              parameters:
                id: no-step
              steps:
                - choice:
                    id: choose
                    when:
                      - id: when-a
                        simple: ${body} == 'a'
                        steps:
                          - log:
                              id: log-a
                              message: a
                      - id: when-b
                        simple: ${body} == 'b'
                        steps:
                          - log:
                              id: log-b
                              message: b
        - route:
            id: two
            from:
              uri: direct:two
              steps:
                - log:
                    id: log-two
                    message: two
        """);
    Files.writeString(
        routes.resolve("k.kamelet.yaml"),
        """
        kind: Kamelet
        spec:
          definition:
            properties:
              id:
                type: string
          template:
            route:
              routeConfigurationId: x
              from:
                uri: kamelet:source
                steps:
                  - log:
                      id: log-k
                      message: k
        """);
  }

  @Test
  void namesNothingWhereEverythingWasRun() throws IOException {
    assertThat(
            notRun(
                Set.of(
                    "routes/one.camel.yaml log-a",
                    "routes/one.camel.yaml log-b",
                    "routes/one.camel.yaml log-two",
                    "routes/k.kamelet.yaml log-k")))
        .isEmpty();
  }

  @Test
  void namesABranchThatWasNotTakenAndARouteThatWasNotRun() throws IOException {
    assertThat(notRun(Set.of("routes/one.camel.yaml log-a", "routes/k.kamelet.yaml log-k")))
        .containsExactly(
            "routes/one.camel.yaml, one: when-b (18)", "routes/one.camel.yaml, two: all of it");
  }

  @Test
  void namesAKameletThatWasNotRun() throws IOException {
    assertThat(
            notRun(
                Set.of(
                    "routes/one.camel.yaml log-a",
                    "routes/one.camel.yaml log-b",
                    "routes/one.camel.yaml log-two")))
        .containsExactly("routes/k.kamelet.yaml: all of it");
  }

  @Test
  void takesAStepForAnotherIfItsFileIsAnother() throws IOException {
    assertThat(notRun(Set.of("routes/k.kamelet.yaml log-two"))).hasSize(3);
  }

  private List<String> notRun(Set<String> run) throws IOException {
    return RouteSteps.in(base.resolve("routes")).stream()
        .flatMap(route -> route.notRunInALine(run).stream())
        .toList();
  }
}
