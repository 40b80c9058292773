package io.surveygateway.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * What a kamelet says that it takes.
 *
 * @param required parameters without which it cannot be used
 * @param names what {@code {{…}}} in its template may stand for: parameters and beans
 * @param from what its template begins with, or null
 * @param configurations ids in its template's {@code routeConfigurationId}
 */
record Kamelet(
    String name,
    Place place,
    Map<String, Parameter> parameters,
    Set<String> required,
    Set<String> names,
    RouteFile.@Nullable Endpoint from,
    List<RouteFile.Expression> configurations) {

  /**
   * @param preset what it is where nobody gives it, or null
   * @param choices what it may be; empty if that is not said
   */
  record Parameter(String type, @Nullable String preset, List<String> choices) {}

  /** Reads a kamelet, checks its template, and lets {@code file} know what it holds. */
  static @Nullable Kamelet read(RouteFile file, Node root, DslCheck check) {
    var report = file.report;
    var at = Yaml.place(file.file, root);
    if (!"Kamelet".equals(Yaml.text(Yaml.find(root, "kind")))) {
      report.grave(
          at,
          "Expected kind: Kamelet in a " + RouteFile.KAMELET + " file",
          "Copy the head of another kamelet, or name the file *" + RouteFile.ROUTES + ".");
      return null;
    }
    var name = Objects.toString(Yaml.text(Yaml.find(root, "metadata", "name")), "");
    var fileName = file.entry.fileName();
    if (!fileName.equals(name + RouteFile.KAMELET)) {
      report.grave(
          at,
          "The kamelet is called " + name + " and its file " + fileName,
          "Give both one name: routes find it by the file, Camel by metadata.name.");
    }
    var definition = Yaml.find(root, "spec", "definition");
    var parameters = parameters(Yaml.find(definition, "properties"));
    var required = texts(Yaml.find(definition, "required"));
    for (var wanted : required) {
      if (!parameters.containsKey(wanted)) {
        report.grave(
            Yaml.place(file.file, Yaml.find(definition, "required")),
            "The kamelet requires " + wanted + ", and has no such property",
            Nearest.remedy(wanted, parameters.keySet(), "Add it to properties:."));
      }
    }
    var template = Yaml.find(root, "spec", "template");
    var beans =
        Yaml.items(Yaml.find(template, "beans")).stream()
            .map(bean -> Yaml.text(Yaml.find(bean, "name")))
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    checkTemplate(file, root, template, check);
    var route = file.routes.isEmpty() ? null : file.routes.get(0);
    var from =
        file.endpoints.stream().filter(RouteFile.Endpoint::isSource).findFirst().orElse(null);
    return new Kamelet(
        name,
        at,
        parameters,
        required,
        Stream.concat(parameters.keySet().stream(), beans.stream()).collect(Collectors.toSet()),
        from,
        route == null ? List.of() : route.configurations());
  }

  private static void checkTemplate(
      RouteFile file, Node root, @Nullable Node template, DslCheck check) {
    var beans = Yaml.find(template, "beans");
    var route = Yaml.find(template, "route");
    var from = Yaml.find(template, "from");
    if (beans != null) {
      check.check(DslSchema.BEANS, beans, "beans");
    }
    if (route != null) {
      check.check(DslSchema.ROUTE, route, "route");
    } else if (from != null) {
      check.check(DslSchema.FROM, from, "from");
    } else {
      file.report.grave(
          Yaml.place(file.file, template == null ? root : template),
          "The kamelet has no spec.template.from and no spec.template.route",
          "Put its steps there.");
    }
  }

  private static Map<String, Parameter> parameters(@Nullable Node properties) {
    var parameters = new LinkedHashMap<String, Parameter>();
    Yaml.members(properties)
        .forEach(
            (name, member) ->
                parameters.put(
                    name,
                    new Parameter(
                        Objects.toString(Yaml.text(Yaml.find(member.value(), "type")), "string"),
                        Yaml.text(Yaml.find(member.value(), "default")),
                        List.copyOf(texts(Yaml.find(member.value(), "enum"))))));
    return parameters;
  }

  private static Set<String> texts(@Nullable Node list) {
    return Yaml.items(list).stream()
        .map(Yaml::text)
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
