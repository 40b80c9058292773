package io.surveygateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a person sees on the canvas: each route and step has its id and its caption. */
class CaptionsTest {

  /** Longer ones are cut on the canvas. A route's is a sentence. */
  private static final int LONGEST_CAPTION = 60;

  private static final Set<String> SHOWN =
      Set.of("route", "routeConfiguration", "from", "otherwise", "doFinally");

  private static final Set<String> LISTS_OF_SHOWN = Set.of("when", "doCatch");

  static Stream<Path> routes() throws IOException {
    return KaotoFormTest.routes();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void standAtEachRouteAndStep(Path file) throws IOException {
    var root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    var lacking = new ArrayList<String>();
    if (root instanceof Map<?, ?> kamelet) {
      // Its route has the kamelet's own name, and its title.
      var template = (Map<?, ?>) ((Map<?, ?>) kamelet.get("spec")).get("template");
      look(template.get("route") instanceof Map<?, ?> route ? route : template, lacking);
    } else {
      look(root, lacking);
    }

    assertThat(lacking).as("without id or caption in " + file).isEmpty();
  }

  private static void look(Object node, List<String> lacking) {
    if (node instanceof List<?> list) {
      list.forEach(item -> look(item, lacking));
    } else if (node instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (SHOWN.contains(name) || name.equals("onException") && value instanceof Map) {
              check(String.valueOf(name), value, lacking);
            } else if (LISTS_OF_SHOWN.contains(name) && value instanceof List<?> branches) {
              branches.forEach(branch -> check(String.valueOf(name), branch, lacking));
            } else if (name.equals("steps") && value instanceof List<?> steps) {
              steps.forEach(
                  step ->
                      ((Map<?, ?>) step)
                          .forEach((kind, what) -> check(String.valueOf(kind), what, lacking)));
            }
            if (!name.equals("parameters")) {
              look(value, lacking);
            }
          });
    }
  }

  private static void check(String kind, Object node, List<String> lacking) {
    if (!(node instanceof Map<?, ?> step)
        || !(step.get("id") instanceof String id)
        || !(step.get("description") instanceof String caption)) {
      lacking.add(kind + " " + node);
    } else if (caption.length() > LONGEST_CAPTION && !kind.startsWith("route")) {
      lacking.add(id + " has a caption of more than " + LONGEST_CAPTION + " letters: " + caption);
    }
  }
}
