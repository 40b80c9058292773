package io.surveygateway.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * What {@link StepRecorder} noted in the unit tests of one build, in {@code target/}, for {@link
 * RouteCoverageIT}.
 *
 * <p>Written at the end of each test class and of the tests, by each of the processes that share
 * them, where the build has set the property {@code route.coverage} to a name for each: neither by
 * the integration tests, whose gateway is another process, nor by an editor.
 */
public final class RunRecord implements TestExecutionListener {

  private static final Path FOLDER = Path.of("target");
  private static final String NAME = "route-coverage-%s.txt";
  private static final String WHOLE = "all tests";

  @Override
  public void testPlanExecutionFinished(TestPlan tests) {
    var part = System.getProperty("route.coverage");
    if (part == null) {
      return;
    }
    var lines = new ArrayList<String>();
    lines.add(isSelection() ? "some tests" : WHOLE);
    lines.addAll(StepRecorder.run());
    try {
      Files.write(FOLDER.resolve(NAME.formatted(part)), lines);
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
    var records = records();
    return !isSelection()
        && !records.isEmpty()
        && records.stream().allMatch(lines -> lines.get(0).equals(WHOLE));
  }

  static Set<String> run() {
    return records().stream().flatMap(List::stream).collect(Collectors.toSet());
  }

  private static List<List<String>> records() {
    var records = new ArrayList<List<String>>();
    try (var files = Files.newDirectoryStream(FOLDER, NAME.formatted("*"))) {
      for (var file : files) {
        records.add(Files.readAllLines(file));
      }
      return records;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
