package io.surveygateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a browser is looked for, and when its absence is no excuse. */
class ChromiumTest {

  @TempDir Path folder;

  private Path program(String name) throws IOException {
    var program = Files.createFile(folder.resolve(name));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  @Test
  void isFoundOnThePath() throws IOException {
    var browser = program("chromium-browser");
    var driver = program("chromedriver");

    var found = Chromium.find(Map.of("PATH", "/nowhere" + File.pathSeparator + folder));

    assertThat(found).contains(new Chromium(browser, driver));
  }

  @Test
  void isTheOneThatIsNamed() throws IOException {
    program("chromium");
    var named = program("another");
    var driver = program("its-driver");

    var found =
        Chromium.find(
            Map.of("PATH", "" + folder, "CHROMIUM", "" + named, "CHROMEDRIVER", driver.toString()));

    assertThat(found).contains(new Chromium(named, driver));
  }

  @Test
  void isNotThereWithoutItsDriver() throws IOException {
    program("chromium");

    assertThat(Chromium.find(Map.of("PATH", folder.toString()))).isEmpty();
  }

  @Test
  void isNotThereWhereWhatIsNamedCannotBeRun() throws IOException {
    program("chromium");
    program("chromedriver");

    assertThat(Chromium.find(Map.of("PATH", "" + folder, "CHROMIUM", folder + "/none"))).isEmpty();
  }

  @Test
  void isRequiredInCi() {
    assertThat(WithConsole.isRequired(Map.of("CI", "true"))).isTrue();
    assertThat(WithConsole.isRequired(Map.of())).isFalse();
  }
}
