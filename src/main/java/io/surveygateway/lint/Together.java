package io.surveygateway.lint;

import io.surveygateway.lint.RouteFile.Expression;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What only shows when all files are seen together: names that stand twice, and names that somebody
 * asks for and nobody has.
 */
final class Together {

  static final String FOR_MAP_ROUTES = "set-aside-unreadable";
  static final String FOR_RECEIVING_ROUTES = "refuse-webhook";

  /** Components whose producer needs a route of ours that begins with the same name. */
  private static final Set<String> HANDED_ON = Set.of("direct", "outbox", "inbox");

  private final RouteFolder folder;
  private final List<RouteFile> files;
  private final Map<String, Kamelet> kamelets;
  private final Map<RouteFile.Endpoint, Address> addresses;
  private final Set<String> out;
  private final Set<String> suspects;
  private final Set<String> unreadable;
  private final Report report = new Report();

  private Together(
      RouteFolder folder,
      List<RouteFile> files,
      Map<String, Kamelet> kamelets,
      Map<RouteFile.Endpoint, Address> addresses,
      Set<String> out,
      Set<String> suspects) {
    this.folder = folder;
    this.files = files.stream().filter(file -> !out.contains(file.entry.part())).toList();
    this.kamelets = kamelets;
    this.addresses = addresses;
    this.out = out;
    this.suspects = new TreeSet<>(suspects);
    this.unreadable =
        files.stream()
            .filter(file -> !file.isReadable)
            .map(file -> file.entry.part())
            .collect(Collectors.toSet());
  }

  /**
   * @param out folders that are left out
   * @param suspects folders with mistakes of their own
   */
  static Report check(
      RouteFolder folder,
      List<RouteFile> files,
      Map<String, Kamelet> kamelets,
      Map<RouteFile.Endpoint, Address> addresses,
      Set<String> out,
      Set<String> suspects) {
    var together = new Together(folder, files, kamelets, addresses, out, suspects);
    together.checkConfigurations();
    together.checkFolders();
    together.checkTargets();
    together.report.all().forEach(m -> together.suspects.add(folder.partOf(m.place())));
    together.checkIds();
    together.checkSources();
    return together.report;
  }

  private void checkIds() {
    var known = new HashMap<String, Place>();
    inOrder()
        .flatMap(file -> Stream.concat(file.ids.stream(), file.configurations.stream()))
        .filter(id -> !id.id().contains("{{"))
        .forEach(
            id -> {
              var former = known.putIfAbsent(id.id(), id.place());
              if (former != null) {
                report.grave(
                    id.place(),
                    "The id " + id.id() + " stands in " + former + " already",
                    "Give one of them another id: logs, metrics and tests go by it.");
              }
            });
  }

  private void checkConfigurations() {
    var known =
        files.stream()
            .flatMap(file -> file.configurations.stream())
            .map(RouteFile.Id::id)
            .collect(Collectors.toCollection(TreeSet::new));
    for (var file : files) {
      for (var route : file.routes) {
        for (var wanted : route.configurations()) {
          if (isAllRead() && !known.contains(wanted.text()) && !wanted.text().contains("*")) {
            report.grave(
                wanted.place(),
                "There is no routeConfiguration "
                    + wanted.text()
                    + ", and Camel says nothing of it",
                Nearest.remedy(wanted.text(), known, "Name one that exists."));
          }
        }
        Optional.ofNullable(route.from())
            .map(addresses::get)
            .ifPresent(from -> checkPolicy(route, from));
      }
    }
  }

  private void checkPolicy(RouteFile.Route route, Address from) {
    var wanted =
        from.is("inbox")
            ? FOR_MAP_ROUTES
            : webhookPath(from).isPresent() ? FOR_RECEIVING_ROUTES : null;
    if (wanted != null
        && route.configurations().stream().map(Expression::text).noneMatch(wanted::equals)) {
      report.grave(
          route.place(),
          "The route %s begins with %s:, and has no routeConfigurationId: %s"
              .formatted(route.id(), from.scheme(), wanted),
          from.is("inbox")
              ? "Add it: without it one item that cannot be mapped holds up its whole request."
              : "Add it: without it a refused sender gets an error of the server.");
    }
  }

  /** Two routes that begin with the same thing take from each other, or Camel does not start. */
  private void checkSources() {
    var known = new LinkedHashMap<String, Address>();
    sources()
        .forEach(
            address -> {
              var path = webhookPath(address);
              var what = path.map(p -> "the webhook path " + p).orElse(address.toString());
              if (path.isEmpty() && !HANDED_ON.contains(address.scheme())) {
                return;
              }
              var former = known.putIfAbsent(what, address);
              if (former != null) {
                report.grave(
                    address.place(),
                    "A route in " + former.place() + " takes " + what + " already",
                    "Was a folder copied, and a name left as it was? Give this one its own.");
              }
            });
  }

  private Stream<Address> sources() {
    return inOrder()
        .filter(file -> file.kamelet == null)
        .flatMap(file -> file.endpoints.stream())
        .filter(RouteFile.Endpoint::isSource)
        .map(addresses::get)
        .filter(Objects::nonNull);
  }

  private void checkFolders() {
    sources()
        .filter(a -> a.is("inbox") || a.is("outbox") || webhookPath(a).isPresent())
        .forEach(this::checkFolder);
  }

  /** A provider is called as its folder is: what is copied and not renamed shows by that. */
  private void checkFolder(Address address) {
    var part = folder.partOf(address.place());
    var wanted = part.substring(part.indexOf('/') + 1);
    var name =
        address.is("inbox") || address.is("outbox")
            ? address.name()
            : address.parameter("provider");
    var isItsOwn =
        part.startsWith(address.is("outbox") ? "destinations/" : "providers/") && !name.isEmpty();
    if (isItsOwn && !name.equals(wanted) && !name.startsWith(wanted + "-")) {
      report.grave(
          address.place(),
          "Expected the name of the folder, " + wanted + ", got " + name,
          "Write " + wanted + " here, or rename the folder.");
    }
  }

  private void checkTargets() {
    var taken = new HashMap<String, Map<String, Address>>();
    addresses.values().stream()
        .filter(address -> address.endpoint().isSource())
        .forEach(a -> taken.computeIfAbsent(a.scheme(), s -> new HashMap<>()).put(a.name(), a));
    files.stream()
        .flatMap(file -> file.endpoints.stream())
        .filter(endpoint -> !endpoint.isSource())
        .map(addresses::get)
        .filter(Objects::nonNull)
        .filter(a -> HANDED_ON.contains(a.scheme()) && !a.name().contains("<"))
        .forEach(target -> checkTarget(target, taken.getOrDefault(target.scheme(), Map.of())));
  }

  private void checkTarget(Address target, Map<String, Address> taken) {
    var taker = taken.get(target.name());
    var part = taker == null ? folderOf(target) : folder.partOf(taker.place());
    if (taker == null && !unreadable.contains(part)) {
      if (!isAllRead()) {
        return;
      }
      report.grave(
          target.place(),
          "No route begins with " + target + ", so nobody takes what is sent there",
          Nearest.remedy(
              target.name(), taken.keySet(), "Add a route that begins with " + target + "."));
    } else if (out.contains(part)) {
      report.grave(
          target.place(),
          target + " is needed here, and " + folder.shown(part) + " has mistakes",
          "Mend what is said of " + folder.shown(part) + ", or send nothing there.");
    }
  }

  /** Where the route that takes it stands, if it stands where it should. */
  private static String folderOf(Address target) {
    return (target.is("outbox") ? "destinations/" : "providers/") + target.name();
  }

  /** Whether all that everyone shares could be read: what is not seen may be there. */
  private boolean isAllRead() {
    return !unreadable.contains("");
  }

  /** The path on the public port that a route takes, directly or by a kamelet. */
  private Optional<String> webhookPath(Address from) {
    if (from.is("platform-http")) {
      return Optional.of(from.name());
    }
    var kamelet = from.is("kamelet") ? kamelets.get(from.name().replaceFirst("/.*", "")) : null;
    if (kamelet == null || kamelet.from() == null) {
      return Optional.empty();
    }
    var inner = addresses.get(kamelet.from());
    if (inner == null || !inner.is("platform-http")) {
      return Optional.empty();
    }
    var path = inner.name();
    for (var parameter : kamelet.parameters().entrySet()) {
      var given = from.parameter(parameter.getKey());
      path =
          path.replace(
              "<" + parameter.getKey() + ">",
              given.isEmpty() ? Objects.toString(parameter.getValue().preset(), "") : given);
    }
    return Optional.of(path);
  }

  /**
   * What all share first, and last what has mistakes of its own: of two with one name, the one told
   * of is the copy that was not finished.
   */
  private Stream<RouteFile> inOrder() {
    return files.stream()
        .sorted(
            Comparator.comparing((RouteFile file) -> suspects.contains(file.entry.part()))
                .thenComparing(file -> file.entry.part())
                .thenComparing(file -> file.entry.path()));
  }
}
