package io.surveygateway.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;

/** Deque's axe-core: finds what keeps people from using a page. */
final class Axe {

  private static final String SOURCE = source();

  /** What says in axe's words how much it keeps people from it. */
  private static final String FIND =
      """
      const done = arguments[arguments.length - 1];
      const options = {resultTypes: ['violations'], preload: false};
      if (arguments[0]) { options.runOnly = {type: 'rule', values: arguments[0]}; }
      axe.run(document, options).then(
          found => done(found.violations
              .filter(each => each.impact === 'serious' || each.impact === 'critical')
              .flatMap(each => each.nodes.map(node => each.impact + ' ' + each.id + ': ' + node.target.join(' ')
                  + ' ' + node.any.concat(node.all, node.none).map(why => why.message).join('; ')))),
          thrown => done(['axe failed: ' + thrown]));
      """;

  /** Rules whose findings hang on the theme. */
  private static final List<String> OF_COLOURS = List.of("color-contrast", "link-in-text-block");

  private final Person person;

  Axe(Person person) {
    this.person = person;
  }

  /** What is serious or critical on the page that is shown. */
  List<?> findings() {
    return run(null);
  }

  /** The same, of colours alone. */
  List<?> findingsOfColours() {
    return run(OF_COLOURS);
  }

  private List<?> run(List<String> rules) {
    if (Boolean.FALSE.equals(person.script("return 'axe' in window"))) {
      person.script(SOURCE);
    }
    return (List<?>) person.later(FIND, rules);
  }

  private static String source() {
    try (var script = ChromeDriver.class.getResourceAsStream("/axe.min.js")) {
      if (script == null) {
        throw new IllegalStateException("Expected /axe.min.js on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
