package io.surveygateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

/**
 * Somebody before the browser, who goes by what is to be seen: presses what bears a name, fills in
 * what has a label, and waits for what should appear.
 */
final class Person {

  enum Theme {
    LIGHT,
    DARK;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static final int WIDE = 1280;
  static final int NARROW = 360;

  private static final int HIGH = 800;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_TABS = 150;

  /** Functions that a page's own script would not know. */
  private static final String EYES =
      """
      const norm = text => (text ?? '').replace(/\\s+/g, ' ').trim();
      const seen = part => part.checkVisibility({visibilityProperty: true, opacityProperty: true});
      const named = name => [...document.querySelectorAll('a[href], button, summary')]
          .filter(part => seen(part) && norm(part.innerText) === name);
      """;

  private final ChromeDriver driver;
  private final String root;
  private final String password;
  private final @Nullable String pictures = System.getProperty("screenshots");
  private Theme theme = Theme.LIGHT;

  /**
   * @param root address of the console
   */
  Person(ChromeDriver driver, String root, String password) {
    this.driver = driver;
    this.root = root;
    this.password = password;
    driver.executeCdpCommand("Network.enable", Map.of());
  }

  /** Logged in, on the first page, with nothing left of whoever was here before. */
  void startsAnew() {
    complaints();
    prefers(Theme.LIGHT).hasWindow(WIDE);
    opens("/");
    if (path().equals("/login")) {
      logsIn(password);
    }
  }

  /** By the address bar. */
  Person opens(String path) {
    driver.get(root + path);
    return this;
  }

  Person logsIn(String password) {
    return fills("Password", password).presses("Log in");
  }

  /** The link, button or summary of this name, the only one of it, or those that lead alike. */
  Person presses(String name) {
    return presses(name, "");
  }

  /**
   * @param near in whose row, entry, form or section it is
   */
  Person presses(String name, String near) {
    return act(
        "the link or button '%s'%s".formatted(name, near.isEmpty() ? "" : " near '" + near + "'"),
        () -> {
          var found = find(name, near);
          if (found == null) {
            return false;
          }
          found.click();
          return true;
        });
  }

  private @Nullable WebElement find(String name, String near) {
    return (WebElement)
        driver.executeScript(
            EYES
                + """
                const [name, near] = arguments;
                const distance = part => {
                  let steps = 0;
                  for (let at = part; at; at = at.parentElement, steps++) {
                    if (at.matches('tr, li, dd, dl, form, section, .card, main') && norm(at.innerText).includes(near)) {
                      return steps;
                    }
                  }
                  return Infinity;
                };
                let found = named(name);
                if (near) {
                  const least = Math.min(...found.map(distance));
                  found = found.filter(part => least < Infinity && distance(part) === least);
                }
                const meant = new Set(found.map(part => part.href ?? part));
                return meant.size === 1 ? found[0] : null;
                """,
            name,
            near);
  }

  /** Answers the question that the page asks before what cannot be undone. */
  Person agrees() {
    return act(
        "a question to agree to",
        () -> {
          driver.switchTo().alert().accept();
          return true;
        });
  }

  Person fills(String label, String text) {
    return act(
        "a field labelled '" + label + "'",
        () -> {
          var field = labelled(label);
          if (field == null) {
            return false;
          }
          field.clear();
          field.sendKeys(text);
          return true;
        });
  }

  /** What was copied before. */
  Person pastesInto(String label) {
    return act(
        "a field labelled '" + label + "'",
        () -> {
          var field = labelled(label);
          if (field == null) {
            return false;
          }
          field.clear();
          field.sendKeys(Keys.chord(Keys.CONTROL, "v"));
          return true;
        });
  }

  /** What stands in the field of this label. */
  String valueOf(String label) {
    return String.valueOf(
        driver.executeScript(
            "return arguments[0].value", Objects.requireNonNull(labelled(label), label)));
  }

  Person chooses(String label, String option) {
    return act(
        "a choice labelled '" + label + "' of '" + option + "'",
        () -> {
          var field = labelled(label);
          if (field == null) {
            return false;
          }
          // The option's own text, as typed into a select: no support library for one call.
          field.sendKeys(option);
          return Objects.equals(
              driver.executeScript("return arguments[0].selectedOptions[0]?.text", field), option);
        });
  }

  /**
   * Ticks the box in the row of something.
   *
   * @param label how the box is read out begins so
   */
  Person ticks(String label, String near) {
    return act(
        "a box '%s' in the row of '%s'".formatted(label, near),
        () -> {
          var box =
              (WebElement)
                  driver.executeScript(
                      EYES
                          + """
                          const found = [...document.querySelectorAll('tr input[type=checkbox]')].filter(each =>
                              (each.getAttribute('aria-label') ?? '').startsWith(arguments[0])
                              && norm(each.closest('tr').innerText).includes(arguments[1]));
                          return found.length === 1 ? found[0] : null;
                          """,
                      label,
                      near);
          if (box == null) {
            return false;
          }
          box.click();
          return box.isSelected();
        });
  }

  /** The names of the links that are to be seen. */
  List<String> links() {
    var names =
        (List<?>)
            driver.executeScript(
                EYES
                    + "return [...document.querySelectorAll('a[href]')].filter(seen)"
                    + ".map(link => norm(link.innerText))");
    return names.stream().map(String::valueOf).toList();
  }

  private @Nullable WebElement labelled(String label) {
    return (WebElement)
        driver.executeScript(
            EYES
                + """
                const found = [...document.querySelectorAll('label')]
                    .filter(each => norm(each.textContent) === arguments[0] && each.control && seen(each.control));
                return found.length === 1 ? found[0].control : null;
                """,
            label);
  }

  /** Waits until the page shows this text. */
  Person sees(String text) {
    return act("to see '" + text + "'", () -> text().contains(text));
  }

  Person seesNoMore(String text) {
    return act("to see '" + text + "' no more", () -> !text().contains(text));
  }

  /** Everything that is to be read on the page, blanks and line ends made one blank. */
  String text() {
    return String.valueOf(driver.executeScript(EYES + "return norm(document.body.innerText)"));
  }

  String path() {
    return driver.getCurrentUrl().substring(root.length());
  }

  String title() {
    return driver.getTitle();
  }

  Person types(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
    return this;
  }

  /**
   * Goes on by Tab until what bears this name has the focus, and holds that the focus is to be seen
   * on each stop.
   */
  Person tabsTo(String name) {
    var passed = new ArrayList<String>();
    for (var n = 0; n < MOST_TABS; n++) {
      types(Keys.TAB);
      var at = focused();
      if (at.equals(name)) {
        return this;
      }
      passed.add(at);
    }
    throw new AssertionError(
        "Expected to reach '%s' of %s by Tab, passed %s".formatted(name, path(), passed));
  }

  /**
   * The name, as it is read out, of what has the focus; empty where nothing has it.
   *
   * @throws AssertionError if the focus has no outline, or lies where nobody sees it
   */
  String focused() {
    var at =
        (List<?>)
            driver.executeScript(
                EYES
                    + """
                    const at = document.activeElement;
                    if (at === document.body) { return ['', true]; }
                    const style = getComputedStyle(at);
                    const box = at.getBoundingClientRect();
                    return [
                      norm(at.getAttribute('aria-label') ?? (at.labels?.length ? at.labels[0].textContent : at.innerText)),
                      style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0
                          && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight];
                    """);
    assertThat(at.get(1)).as("The focus on '%s' of %s is seen", at.get(0), path()).isEqualTo(true);
    return String.valueOf(at.get(0));
  }

  /** What the system tells pages of the person's liking. */
  Person prefers(Theme theme) {
    this.theme = theme;
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", theme.text()),
                // Nothing fades or pulses in a picture.
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    return this;
  }

  Person hasWindow(int wide) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", wide, "height", HIGH, "deviceScaleFactor", 1, "mobile", false));
    return this;
  }

  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  Object later(String script, Object... arguments) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return driver.executeAsyncScript(script, arguments);
  }

  /** What the browser found wrong since it was asked last: errors, refusals of the policy. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  void sawNothingWrong() {
    assertThat(complaints()).as("What the browser complained of, at last on %s", path()).isEmpty();
  }

  /** What is to be seen now, kept where {@code -Dscreenshots=<folder>} says. */
  Person keepsAPicture(String name) {
    if (pictures != null) {
      save(Path.of(pictures), name + "-" + theme.text(), false);
    }
    return this;
  }

  /** The same of the page from its top to its end. */
  Person keepsAPictureOfAll(String name) {
    if (pictures != null) {
      save(Path.of(pictures), name + "-" + theme.text(), true);
    }
    return this;
  }

  /** Of what a test failed at. */
  void leavesAPicture(String name) {
    System.out.println("At " + driver.getCurrentUrl() + ": " + complaints());
    save(Path.of("target", "browser"), name, true);
  }

  private void save(Path folder, String name, boolean all) {
    var picture =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", all));
    if (all) {
      var size =
          driver.executeScript(
              "return [document.documentElement.clientWidth, document.documentElement.scrollHeight]");
      var sides = (List<?>) size;
      picture =
          driver.executeCdpCommand(
              "Page.captureScreenshot",
              Map.of(
                  "format",
                  "png",
                  "captureBeyondViewport",
                  true,
                  "clip",
                  Map.of(
                      "x", 0, "y", 0, "width", sides.get(0), "height", sides.get(1), "scale", 1)));
    }
    try {
      Files.createDirectories(folder);
      Files.write(
          folder.resolve(name + ".png"),
          Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Person act(String what, Callable<Boolean> act) {
    try {
      await()
          .pollInSameThread()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          // The page that it began at is gone, or is not whole yet.
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .until(act);
      return this;
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("Expected %s on %s, got: %s".formatted(what, path(), text()), e);
    }
  }
}
