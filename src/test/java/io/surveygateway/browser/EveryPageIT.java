package io.surveygateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.surveygateway.browser.Person.Theme;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What holds of each page, found by following the links from the first one: one page of each kind.
 */
@ExtendWith(WithConsole.class)
class EveryPageIT {

  private static final String NOWHERE = "/nowhere";

  /** Pages that no link leads to. */
  private static final List<String> WITHOUT_A_LINK = List.of("/login?wrong", "/login?out", NOWHERE);

  private static final int MOST_KINDS = 60;

  private final Person person;
  private final Axe axe;

  EveryPageIT(Console console) {
    person = console.person;
    axe = new Axe(person);
  }

  /** Each is looked at, then its links tell which kinds there are besides. */
  @TestFactory
  Stream<DynamicTest> canBeUsedByEverybody() {
    prepareARun();
    var known = new HashSet<>(Set.of(kindOf("/")));
    var waiting = new ArrayDeque<>(List.of("/"));
    waiting.addAll(WITHOUT_A_LINK);
    return Stream.iterate(0, n -> n < MOST_KINDS && !waiting.isEmpty(), n -> n + 1)
        .map(
            n -> {
              var path = waiting.remove();
              return dynamicTest(
                  path,
                  () -> {
                    person.opens(path);
                    linked().stream().filter(link -> known.add(kindOf(link))).forEach(waiting::add);
                    look(path);
                  });
            });
  }

  /** Counted, and never started. */
  private void prepareARun() {
    person.presses("Deliveries").presses("Cancel…", World.CONTACT_IS_LOCKED).sees("cancel 1");
  }

  private void look(String path) {
    person.prefers(Theme.LIGHT).hasWindow(Person.WIDE);
    assertThat(person.title()).as("Title of " + path).endsWith(" · Survey Gateway");
    assertThat(axe.findings()).as(path + ", light").isEmpty();
    keepAPicture(path);

    person.prefers(Theme.DARK);
    assertThat(axe.findingsOfColours()).as(path + ", dark").isEmpty();
    keepAPicture(path);

    person.hasWindow(Person.NARROW);
    assertThat(person.script("return document.documentElement.scrollWidth"))
        .as("Width of %s in a narrow window", path)
        .isEqualTo((long) Person.NARROW);
    person.prefers(Theme.LIGHT);
    keepAPicture(path + "-narrow");
    person.hasWindow(Person.WIDE);

    assertThat(person.complaints())
        .as("Complaints of the browser about %s", path)
        .filteredOn(complaint -> !(path.equals(NOWHERE) && complaint.contains("404")))
        .isEmpty();
  }

  private void keepAPicture(String path) {
    var name = path.equals("/") ? "overview" : path.substring(1).replaceAll("[^a-z0-9-]+", "-");
    person.keepsAPictureOfAll("page-" + name);
  }

  /** {@code /events/12} is of one kind with {@code /events/13}. */
  private static String kindOf(String path) {
    var parts = path.replaceFirst("[?].*", "").substring(1).split("/");
    return parts.length < 2 ? parts[0] : parts[0] + "/" + (parts.length - 1);
  }

  /** Paths of pages: what is downloaded, or read by programs, is none. */
  private List<String> linked() {
    var links =
        (List<?>)
            person.script(
                """
                return [...document.querySelectorAll('a[href]:not([download])')]
                    .filter(link => link.origin === location.origin)
                    .map(link => link.pathname + link.search)
                    .filter(path => !/^\\/(api|actuator|v3|webjars)\\/|\\/body$/.test(path));
                """);
    return links.stream().map(String::valueOf).toList();
  }

  /** Or the search above would have found nothing to look at. */
  @Test
  void isReachedFromTheNavigation() {
    assertThat(linked())
        .contains(
            "/events",
            "/deliveries",
            "/requests",
            "/destinations",
            "/providers",
            "/runs",
            "/audit");
  }

  @Test
  void takesTheThemeOfTheSystem() {
    var light = background();

    person.prefers(Theme.DARK);

    assertThat(background()).isNotEqualTo(light);
  }

  @Test
  void keepsTheThemeThatWasChosen() {
    var light = background();

    person.presses("◐ auto").presses("◐ light").sees("◐ dark");
    var dark = background();
    person.opens("/events");

    assertThat(dark).isNotEqualTo(light);
    assertThat(background()).isEqualTo(dark);
    person.presses("◐ dark").sees("◐ auto");
    assertThat(background()).isEqualTo(light);
  }

  private Object background() {
    return person.script("return getComputedStyle(document.body).backgroundColor");
  }
}
