package io.surveygateway.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * What {@link StepRecorder} noted in the unit tests of one build, in {@code target/}, for {@link
 * RouteCoverageIT}.
 *
 * <p>Written at the end of the tests, where the build has set the property {@code route.coverage}:
 * neither by the integration tests, whose gateway is another process, nor by an editor.
 */
public final class RunRecord implements TestExecutionListener {

  private static final Path FILE = Path.of("target", "route-coverage.txt");
  private static final String WHOLE = "all tests";

  @Override
  public void testPlanExecutionFinished(TestPlan tests) {
    if (!Boolean.getBoolean("route.coverage")) {
      return;
    }
    var lines = new ArrayList<String>();
    lines.add(isSelection() ? "some tests" : WHOLE);
    lines.addAll(StepRecorder.run());
    try {
      Files.write(FILE, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether somebody has named the tests to run: {@code -Dtest=…}. */
  static boolean isSelection() {
    return System.getProperty("test") != null;
  }

  /** Whether all tests were run and noted in this build. */
  static boolean isWhole() {
    return !isSelection() && Files.exists(FILE) && lines().get(0).equals(WHOLE);
  }

  static Set<String> run() {
    return new HashSet<>(lines());
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
