package io.surveygateway.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
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
    var never = new ArrayList<RouteSteps>();
    routes.forEach(route -> route.notRun(run, never::add));

    System.out.println(report(routes.stream().mapToInt(RouteSteps::size).sum(), never));

    assertThat(never.stream().filter(RouteSteps::isRoute))
        .as("routes that no test has run: write one that sends something through each")
        .isEmpty();
  }

  private static String report(int steps, Iterable<RouteSteps> never) {
    var lines = new StringBuilder();
    var missed = 0;
    for (var step : never) {
      missed += step.size();
      lines.append("\n  ").append(step);
    }
    return "Tests have run "
        + (steps - missed)
        + " of "
        + steps
        + " routes and steps"
        + (missed == 0 ? "" : "; none has run:" + lines);
  }
}
