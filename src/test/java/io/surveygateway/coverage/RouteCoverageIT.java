package io.surveygateway.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * No route is shipped that no unit test has run; what no test has run of the others is printed.
 *
 * <p>Counts nothing, and says so, where only some tests were to run: {@code -Dtest=…}.
 */
class RouteCoverageIT {

  @Test
  void runsEachRouteInSomeTest() throws Exception {
    assumeTrue(RunRecord.isWhole(), "Counts only after all unit tests of the same build");
    var run = RunRecord.run();
    var routes = RouteSteps.in(Path.of("routes"));
    var report = new StringBuilder();
    var steps = 0;
    var missed = 0;
    for (var route : routes) {
      steps += route.size();
      missed += route.notRun(run).stream().mapToInt(RouteSteps::size).sum();
      route.notRunInALine(run).ifPresent(line -> report.append("\n  ").append(line));
    }

    System.out.println(
        "Tests have run "
            + (steps - missed)
            + " of "
            + steps
            + " routes and steps"
            + (missed == 0 ? "" : "; none has run:")
            + report);

    assertThat(routes.stream().filter(route -> !route.wasRun(run)))
        .as("routes that no test has run: write one that sends something through each")
        .isEmpty();
  }
}
