package io.surveygateway.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A Chromium of this machine and its driver, of one version.
 *
 * @param browser named by {@code CHROMIUM}, or found on the {@code PATH}
 * @param driver named by {@code CHROMEDRIVER}, or found on the {@code PATH}
 */
record Chromium(Path browser, Path driver) {

  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /** Held here, or it would forget what it is told: that it knows no words of newer Chromiums. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  /** What to say where there is none. */
  static final String HOW_TO_GET_IT =
      "Expected Chromium and chromedriver, by CHROMIUM and CHROMEDRIVER or on the PATH. On Debian:"
          + " apt-get install chromium chromium-driver";

  /** What it does not need and would look for elsewhere, or could not do here. */
  private static final List<String> OPTIONS =
      List.of(
          "--headless=new",
          "--disable-gpu",
          "--disable-quic",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--no-default-browser-check",
          "--lang=en-US",
          "--force-color-profile=srgb",
          "--hide-scrollbars");

  /**
   * @param environment variables of this process
   */
  static Optional<Chromium> find(Map<String, String> environment) {
    var browser = program(environment, "CHROMIUM", BROWSERS);
    var driver = program(environment, "CHROMEDRIVER", List.of("chromedriver"));
    return browser.isPresent() && driver.isPresent()
        ? Optional.of(new Chromium(browser.get(), driver.get()))
        : Optional.empty();
  }

  private static Optional<Path> program(
      Map<String, String> environment, String variable, List<String> names) {
    var named = environment.getOrDefault(variable, "");
    var candidates =
        named.isEmpty()
            ? names.stream()
                .flatMap(
                    name ->
                        Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                            .filter(folder -> !folder.isEmpty())
                            .map(folder -> Path.of(folder, name)))
            : Stream.of(Path.of(named));
    return candidates.filter(Files::isExecutable).filter(Files::isRegularFile).findFirst();
  }

  /**
   * Starts one without a window, that reads nothing and keeps nothing of whoever runs it.
   *
   * @param profile an empty folder
   */
  ChromeDriver start(Path profile) {
    SELENIUM.setLevel(Level.SEVERE);
    var options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.addArguments(OPTIONS);
    options.addArguments("--user-data-dir=" + profile.toAbsolutePath());
    if (System.getProperty("user.name").equals("root")) {
      // Chromium's own sandbox refuses to run as root.
      options.addArguments("--no-sandbox");
    }
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.toFile())
            .usingAnyFreePort()
            .withSilent(true)
            .build();
    return new ChromeDriver(service, options);
  }
}
