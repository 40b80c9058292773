package io.surveygateway.lint;

import io.surveygateway.lint.RouteFolder.Entry;
import io.surveygateway.lint.Yaml.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What one YAML file says, as far as the checks ask for it. Filled by {@link #read}. */
final class RouteFile implements DslCheck.Visitor {

  static final String ROUTES = ".camel.yaml";
  static final String KAMELET = ".kamelet.yaml";

  /** An id of a route, a step or a configuration. */
  record Id(String id, Place place) {}

  /** A text of some language. */
  record Expression(String text, Place place) {}

  /**
   * Something that a route takes from or sends to.
   *
   * @param uri as it is written, with its placeholders
   * @param parameters those beside the uri; not those in it
   * @param isSource whether a route begins with it
   */
  record Endpoint(Place place, String uri, Map<String, Expression> parameters, boolean isSource) {}

  /**
   * @param id empty if it has none
   * @param configurations the ids in its {@code routeConfigurationId}
   */
  record Route(String id, Place place, @Nullable Endpoint from, List<Expression> configurations) {}

  private static final Set<String> SOURCES =
      Set.of("FromDefinition", "RouteFromDefinitionDeserializer", "OutputAwareFromDefinition");
  private static final Set<String> TARGETS =
      Set.of("ToDefinition", "ToDynamicDefinition", "WireTapDefinition", "PollDefinition");
  private static final Set<String> USERS_OF_BEANS =
      Set.of("ProcessDefinition", "BeanDefinition", "MethodCallExpression", "TransactedDefinition");

  /** Expressions have ids too; nobody names those. */
  private static final String NO_NODE = "Expression";

  final Entry entry;
  final String file;
  final Report report = new Report();
  final List<Route> routes = new ArrayList<>();
  final List<Id> ids = new ArrayList<>();
  final List<Id> configurations = new ArrayList<>();
  final List<Endpoint> endpoints = new ArrayList<>();
  final List<Expression> jq = new ArrayList<>();
  final List<Expression> simple = new ArrayList<>();
  final List<Expression> beans = new ArrayList<>();
  final List<Expression> texts = new ArrayList<>();
  @Nullable Kamelet kamelet;

  /** All of it, as it is written. */
  String content = "";

  /** Whether it is YAML at all; if not, what it holds is not known. */
  boolean isReadable;

  private final Deque<List<Endpoint>> sources = new ArrayDeque<>();

  private RouteFile(Entry entry, String file) {
    this.entry = entry;
    this.file = file;
  }

  static RouteFile read(RouteFolder folder, Entry entry, DslSchema schema) {
    var file = new RouteFile(entry, folder.shown(entry.path()));
    var text = folder.text(entry);
    if (text.isEmpty()) {
      file.report.grave(
          Place.of(file.file), "This is no text in UTF-8 of less than 4 MB", "Write it in UTF-8.");
      return file;
    }
    file.content = text.get();
    var root = Yaml.parse(file.file, text.get(), file.report);
    file.isReadable = root.isPresent();
    root.ifPresent(node -> file.read(node, schema));
    return file;
  }

  private void read(Node root, DslSchema schema) {
    var check = new DslCheck(schema, file, report, this);
    if (entry.endsWith(KAMELET)) {
      kamelet = Kamelet.read(this, root, check);
    } else {
      check.checkEntries(root);
    }
    gatherTexts(root, 0);
  }

  private void gatherTexts(Node node, int depth) {
    if (depth > 150 || texts.size() > 100_000) {
      return;
    }
    if (node instanceof ScalarNode scalar) {
      texts.add(new Expression(scalar.getValue(), Yaml.place(file, scalar)));
    }
    Yaml.items(node).forEach(item -> gatherTexts(item, depth + 1));
    Yaml.members(node).values().forEach(member -> gatherTexts(member.value(), depth + 1));
  }

  @Override
  public void visit(String kind, Node node) {
    var members = Yaml.members(node);
    if (!kind.endsWith(NO_NODE) && members.get("id") != null) {
      var id = new Id(text(members, "id"), Yaml.place(file, members.get("id").value()));
      (kind.equals("RouteConfigurationDefinition") ? configurations : ids).add(id);
    }
    if (kind.equals("RouteDefinition")) {
      sources.push(new ArrayList<>());
    } else if (SOURCES.contains(kind) || TARGETS.contains(kind)) {
      endpoint(node, members, SOURCES.contains(kind));
    } else if (kind.equals("KameletDefinition")) {
      var name = Optional.ofNullable(Yaml.text(node)).orElse(text(members, "name"));
      endpoints.add(
          new Endpoint(Yaml.place(file, node), "kamelet:" + name, parameters(members), false));
    } else if (kind.equals("JqExpression")) {
      expression(node, members).ifPresent(jq::add);
    } else if (kind.equals("SimpleExpression")) {
      expression(node, members).ifPresent(simple::add);
    } else if (USERS_OF_BEANS.contains(kind) && members.get("ref") != null) {
      beans.add(new Expression(text(members, "ref"), Yaml.place(file, members.get("ref").value())));
    }
  }

  @Override
  public void leave(String kind, Node node) {
    if (!kind.equals("RouteDefinition")) {
      return;
    }
    var members = Yaml.members(node);
    var found = sources.pop();
    var configurations = new ArrayList<Expression>();
    var configuration = members.get("routeConfigurationId");
    if (configuration != null) {
      for (var id : text(members, "routeConfigurationId").split(",")) {
        configurations.add(new Expression(id.strip(), Yaml.place(file, configuration.value())));
      }
    }
    routes.add(
        new Route(
            text(members, "id"),
            Yaml.place(file, node),
            found.isEmpty() ? null : found.get(0),
            configurations));
  }

  private void endpoint(Node node, Map<String, Member> members, boolean isSource) {
    var uri = Optional.ofNullable(Yaml.text(node)).orElse(text(members, "uri"));
    if (uri.isBlank()) {
      return;
    }
    var at = members.get("uri") == null ? node : members.get("uri").value();
    var endpoint = new Endpoint(Yaml.place(file, at), uri, parameters(members), isSource);
    endpoints.add(endpoint);
    if (isSource && !sources.isEmpty()) {
      sources.peek().add(endpoint);
    }
  }

  private Map<String, Expression> parameters(Map<String, Member> members) {
    var parameters = new LinkedHashMap<String, Expression>();
    var given = members.get("parameters");
    if (given != null) {
      Yaml.members(given.value())
          .forEach(
              (name, member) ->
                  parameters.put(
                      name,
                      new Expression(
                          Optional.ofNullable(Yaml.text(member.value())).orElse(""),
                          Yaml.place(file, member.key()))));
    }
    return parameters;
  }

  private Optional<Expression> expression(Node node, Map<String, Member> members) {
    var at = node instanceof ScalarNode ? node : Yaml.find(node, "expression");
    var text = Yaml.text(at);
    return text == null
        ? Optional.empty()
        : Optional.of(new Expression(text, Yaml.place(file, at)));
  }

  private static String text(Map<String, Member> members, String name) {
    var member = members.get(name);
    return member == null ? "" : Optional.ofNullable(Yaml.text(member.value())).orElse("");
  }
}
