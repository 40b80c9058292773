package io.surveygateway.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A route, a policy, or a step of one, as its file has it: with what stands inside. A branch is run
 * where something in it was.
 *
 * @param kind what it is called in the file: {@code route}, {@code setBody}, {@code when}
 */
record RouteSteps(String kind, String id, String file, int line, List<RouteSteps> inside) {

  /** Names of entries that hold steps of their own. */
  private static final Set<String> ROUTES = Set.of("route", "routeConfiguration", "template");

  /** What is no step, though it has an id: where a route begins. */
  private static final Set<String> NO_STEPS = Set.of("from");

  /** The routes, kamelets and policies of a folder, by file. */
  static List<RouteSteps> in(Path folder) throws IOException {
    var routes = new ArrayList<RouteSteps>();
    try (var files = Files.walk(folder)) {
      for (var file : (Iterable<Path>) files.sorted()::iterator) {
        if (file.toString().matches(".*\\.(camel|kamelet)\\.yaml")) {
          var name =
              folder.getFileName() + "/" + folder.relativize(file).toString().replace('\\', '/');
          var root =
              new Compose(LoadSettings.builder().build()).composeString(Files.readString(file));
          read(root.orElseThrow(), "", name, routes::add);
        }
      }
    }
    return routes;
  }

  /** Goes through the nodes, and hands on each that has an id, or begins a route. */
  private static void read(Node node, String kind, String file, Consumer<RouteSteps> found) {
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(item -> read(item, kind, file, found));
    } else if (node instanceof MappingNode mapping) {
      var inside = new ArrayList<RouteSteps>();
      var id = "";
      for (var member : mapping.getValue()) {
        var name = ((ScalarNode) member.getKeyNode()).getValue();
        if (name.equals("id") && member.getValueNode() instanceof ScalarNode text) {
          id = text.getValue();
        } else if (!name.equals("parameters") && !name.equals("definition")) {
          read(member.getValueNode(), name, file, inside::add);
        }
      }
      var isStep = (!id.isEmpty() || ROUTES.contains(kind)) && !NO_STEPS.contains(kind);
      // A kamelet's route is its template: one of the two is enough.
      var isRouteOfKamelet = kind.equals("route") && id.isEmpty();
      if (isStep && !isRouteOfKamelet) {
        var line = mapping.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        found.accept(new RouteSteps(kind, id, file, line, inside));
      } else {
        inside.forEach(found);
      }
    }
  }

  boolean wasRun(Set<String> run) {
    return run.contains(file + " " + id) || inside.stream().anyMatch(step -> step.wasRun(run));
  }

  /** The outermost steps in it that were not run; itself where nothing was. */
  List<RouteSteps> notRun(Set<String> run) {
    return wasRun(run)
        ? inside.stream().flatMap(step -> step.notRun(run).stream()).toList()
        : List.of(this);
  }

  /** The same in a line: the file, the route, and its steps, each with its line in the file. */
  Optional<String> notRunInALine(Set<String> run) {
    var never = notRun(run);
    if (never.isEmpty()) {
      return Optional.empty();
    }
    var steps =
        never.stream()
            .map(step -> step.equals(this) ? "all of it" : step.id + " (" + step.line + ")")
            .collect(Collectors.joining(", "));
    return Optional.of(file + (id.isEmpty() ? "" : ", " + id) + ": " + steps);
  }

  int size() {
    return 1 + inside.stream().mapToInt(RouteSteps::size).sum();
  }
}
