package io.surveygateway.operations;

import io.surveygateway.operations.RouteCounts.Count;
import io.surveygateway.operations.RouteMap.Choice;
import io.surveygateway.operations.RouteMap.Destination;
import io.surveygateway.operations.RouteMap.Line;
import io.surveygateway.operations.RouteMap.Part;
import io.surveygateway.operations.RouteMap.Provider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Reads from Camel which routes run and how they hang together: by {@code inbox:}, {@code direct:}
 * and {@code outbox:}, whatever they are called. Safe for use by many threads.
 */
public final class RouteMaps {

  private static final String INBOX = "inbox:";
  private static final String OUTBOX = "outbox:";
  private static final String DIRECT = "direct:";

  private final CamelContext camel;
  private final RouteCounts counts;

  RouteMaps(CamelContext camel, RouteCounts counts) {
    this.camel = camel;
    this.counts = counts;
  }

  /** As it is now; while routes are being replaced some may be missing. */
  public RouteMap read() {
    var definitions =
        camel instanceof ModelCamelContext model
            ? model.getRouteDefinitions().stream()
                .filter(route -> !route.isCreatedFromTemplate() && route.getInput() != null)
                .toList()
            : List.<RouteDefinition>of();
    return new Reader(definitions).read();
  }

  /**
   * What a route says.
   *
   * @param from its endpoint without parameters, and {@code sends} those that it sends to
   */
  private record Read(
      RouteDefinition definition, String from, Set<String> sends, List<Choice> choices) {

    String id() {
      return String.valueOf(definition.getId());
    }
  }

  private final class Reader {

    private final Map<String, Read> routes = new LinkedHashMap<>();
    private final Map<String, String> byFrom = new HashMap<>();
    private final Map<String, Part> parts = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();

    Reader(List<RouteDefinition> definitions) {
      for (var definition : definitions) {
        var sends = new LinkedHashSet<String>();
        var branches = new LinkedHashMap<String, Branch>();
        walk(definition.getOutputs(), new Branch(definition.getId(), null), sends, branches);
        var read =
            new Read(
                definition,
                plain(definition.getInput().getEndpointUri()),
                sends,
                choices(definition, branches));
        routes.put(read.id(), read);
        byFrom.put(read.from, read.id());
      }
    }

    RouteMap read() {
      var receives = new TreeMap<String, List<String>>();
      var maps = new TreeMap<String, List<String>>();
      var routers = new HashMap<String, Set<String>>();
      var delivers = new TreeMap<String, List<String>>();
      for (var route : routes.values()) {
        if (!route.choices.isEmpty()) {
          parts.put(route.id(), Part.ROUTER);
        }
      }
      for (var route : routes.values()) {
        if (route.from.startsWith(INBOX)) {
          var name = route.from.substring(INBOX.length());
          claim(route, Part.MAP, name, maps, routers);
        } else if (route.from.startsWith(OUTBOX)) {
          claim(route, Part.DELIVER, route.from.substring(OUTBOX.length()), delivers, null);
        } else {
          for (var to : route.sends) {
            if (to.startsWith(INBOX)) {
              claim(route, Part.RECEIVE, to.substring(INBOX.length()), receives, null);
            }
          }
        }
      }
      var names = new TreeSet<>(receives.keySet());
      names.addAll(maps.keySet());
      return new RouteMap(
          routes.values().stream().map(this::line).toList(),
          names.stream()
              .map(
                  name ->
                      new Provider(
                          name,
                          receives.getOrDefault(name, List.of()),
                          maps.getOrDefault(name, List.of()),
                          routers.getOrDefault(name, Set.of())))
              .toList(),
          routes.values().stream().flatMap(route -> route.choices.stream()).toList(),
          delivers.entrySet().stream()
              .map(each -> new Destination(each.getKey(), each.getValue()))
              .toList());
    }

    /** The route, and those that it calls directly, up to one that decides. */
    private void claim(
        Read first,
        Part part,
        String name,
        Map<String, List<String>> claimed,
        @Nullable Map<String, Set<String>> routers) {
      var open = new ArrayDeque<Read>(List.of(first));
      var seen = new LinkedHashSet<String>();
      while (!open.isEmpty()) {
        var route = open.removeFirst();
        if (parts.get(route.id()) == Part.ROUTER) {
          if (routers != null) {
            routers.computeIfAbsent(name, each -> new LinkedHashSet<>()).add(route.id());
          }
          if (route != first) {
            continue;
          }
        }
        if (seen.add(route.id())) {
          parts.putIfAbsent(route.id(), part);
          owners.putIfAbsent(route.id(), name);
          route.sends.stream()
              .filter(to -> to.startsWith(DIRECT))
              .map(byFrom::get)
              .filter(routes::containsKey)
              .map(routes::get)
              .forEach(open::add);
        }
      }
      claimed.computeIfAbsent(name, each -> new ArrayList<>()).addAll(seen);
    }

    private Line line(Read route) {
      var count = counts.of(route.id());
      return new Line(
          route.id(),
          route.definition.getDescriptionText(),
          route.from,
          parts.getOrDefault(route.id(), Part.OTHER),
          owners.get(route.id()),
          Optional.ofNullable(camel.getRouteController().getRouteStatus(route.id()))
              .map(status -> status.name().toLowerCase(Locale.ROOT))
              .orElse("not started"),
          count.map(Count::since).orElse(null),
          count.map(Count::done).orElse(0L),
          count.map(Count::handled).orElse(0L),
          count.map(Count::failed).orElse(0L));
    }
  }

  /** Where a step stands: the innermost branch of a choice, or the route. */
  private static final class Branch {

    private final String id;
    private final @Nullable String description;
    private final List<String> destinations = new ArrayList<>();

    Branch(String id, @Nullable String description) {
      this.id = id;
      this.description = description;
    }
  }

  private static void walk(
      List<ProcessorDefinition<?>> steps,
      Branch within,
      Set<String> sends,
      Map<String, Branch> branches) {
    for (var step : steps) {
      if (step instanceof EndpointRequiredDefinition sender && sender.getEndpointUri() != null) {
        var to = plain(sender.getEndpointUri());
        sends.add(to);
        if (to.startsWith(OUTBOX)) {
          branches.putIfAbsent(within.id, within);
          within.destinations.add(to.substring(OUTBOX.length()));
        }
      }
      if (step instanceof ChoiceDefinition choice) {
        choice
            .getWhenClauses()
            .forEach(when -> walkBranch(when, when.getOutputs(), sends, branches));
        if (choice.getOtherwise() != null) {
          walkBranch(choice.getOtherwise(), choice.getOtherwise().getOutputs(), sends, branches);
        }
      } else {
        walk(step.getOutputs(), within, sends, branches);
      }
    }
  }

  private static void walkBranch(
      OptionalIdentifiedDefinition<?> named,
      List<ProcessorDefinition<?>> steps,
      Set<String> sends,
      Map<String, Branch> branches) {
    var branch = new Branch(String.valueOf(named.getId()), named.getDescriptionText());
    branches.put(branch.id, branch);
    walk(steps, branch, sends, branches);
  }

  /** Of a route that sends to a destination; branches that send nowhere are choices too. */
  private static List<Choice> choices(RouteDefinition route, Map<String, Branch> branches) {
    return branches.values().stream().allMatch(branch -> branch.destinations.isEmpty())
        ? List.of()
        : branches.values().stream()
            .map(
                branch ->
                    new Choice(
                        String.valueOf(route.getId()),
                        branch.id,
                        branch.description,
                        List.copyOf(branch.destinations)))
            .toList();
  }

  /** Without parameters, and without the slashes that Camel may have put in. */
  private static String plain(String uri) {
    return uri.replaceFirst("\\?.*", "").replaceFirst("^(\\w+:)//", "$1");
  }
}
