package io.surveygateway.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RouteWatchTest {

  private @TempDir Path routes;
  private final List<RouteSet> loaded = new ArrayList<>();
  private RouteSet tried;
  private boolean isUnreadable;
  private boolean isTried = true;
  private RouteWatch watch;

  @BeforeEach
  void watch() throws IOException {
    write("1");
    tried = RouteSet.read(routes);
    watch = new RouteWatch(this::folder, () -> tried, this::load);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private void write(String text) throws IOException {
    Files.writeString(routes.resolve("a.jq"), text);
  }

  private RouteSet folder() {
    if (isUnreadable) {
      throw new UncheckedIOException(new NoSuchFileException("a.jq"));
    }
    return RouteSet.read(routes);
  }

  private void load(RouteSet set) {
    loaded.add(set);
    if (isTried) {
      tried = set;
    }
  }

  @Test
  void loadsAChangeOnceItStandsStill() throws IOException {
    watch.look();
    write("2");
    watch.look();
    write("3");
    watch.look();
    assertThat(loaded).isEmpty();

    watch.look();
    watch.look();
    watch.look();

    assertThat(loaded).containsExactly(RouteSet.read(routes));
  }

  @Test
  void loadsNothingThatWasTakenBack() throws IOException {
    write("2");
    watch.look();
    write("1");
    watch.look();
    write("2");
    watch.look();

    assertThat(loaded).isEmpty();
  }

  @Test
  void comesBackToWhatCouldNotBeLoadedJustThen() throws IOException {
    isTried = false;
    write("2");
    watch.look();
    watch.look();
    watch.look();
    watch.look();

    assertThat(loaded).hasSize(2);
  }

  @Test
  void goesOnWhereTheFolderCannotBeReadForAWhile(CapturedOutput log) throws IOException {
    write("2");
    watch.look();
    isUnreadable = true;
    for (var i = 0; i < 20; i++) {
      watch.look();
    }
    assertThat(log).containsOnlyOnce("The routes cannot be read; those that run go on");

    isUnreadable = false;
    watch.look();
    assertThat(loaded).isEmpty();
    watch.look();

    assertThat(loaded).hasSize(1);
  }
}
