package io.surveygateway.lint;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** Names components that are not there, and parameters that a component or kamelet has not. */
final class EndpointCheck {

  private static final String SERVICES = "META-INF/services/org/apache/camel/component/";

  /** What names a query parameter of the other side, where a component takes those too. */
  private static final int SURELY_ANOTHER = 6;

  private record Options(Set<String> names, Set<String> prefixes, boolean isLenient) {}

  private final CamelContext camel;
  private final Map<String, Class<? extends Endpoint>> own;
  private final Map<String, Kamelet> kamelets;
  private final Map<String, Optional<Options>> known = new HashMap<>();

  /**
   * @param own endpoints of components that Camel's build has not seen, by their annotations
   */
  EndpointCheck(
      CamelContext camel, List<Class<? extends Endpoint>> own, Map<String, Kamelet> kamelets) {
    this.camel = camel;
    this.kamelets = kamelets;
    this.own = new HashMap<>();
    own.forEach(type -> this.own.put(type.getAnnotation(UriEndpoint.class).scheme(), type));
  }

  void check(Address address, Report report) {
    if (!isComponent(address.scheme())) {
      report.grave(
          address.place(),
          "There is no component " + address.scheme(),
          Nearest.to(address.scheme(), own.keySet())
              .map(name -> "Did you mean " + name + "?")
              .orElse(
                  "Check its spelling; a component that no route used before needs its starter"
                      + " (camel-…-starter) in pom.xml."));
      return;
    }
    var options = known.computeIfAbsent(address.scheme(), this::options);
    if (address.is("kamelet")) {
      checkKamelet(address, options.map(Options::names).orElse(Set.of()), report);
    } else {
      options.ifPresent(found -> checkParameters(address, found, report));
    }
  }

  private void checkParameters(Address address, Options options, Report report) {
    address
        .parameters()
        .forEach(
            (name, given) -> {
              if (options.names.contains(name)
                  || options.prefixes.stream().anyMatch(name::startsWith)) {
                return;
              }
              var meant = Nearest.to(name, options.names);
              if (!options.isLenient || (meant.isPresent() && name.length() >= SURELY_ANOTHER)) {
                report.grave(
                    given.place(),
                    address.scheme() + ": has no parameter " + name,
                    Nearest.remedy(
                        name,
                        options.names,
                        "See https://camel.apache.org/components/next/%s-component.html"
                            .formatted(address.scheme())));
              }
            });
  }

  private void checkKamelet(Address address, Set<String> ofAll, Report report) {
    var name = address.name().replaceFirst("/.*", "");
    if (name.equals("source") || name.equals("sink")) {
      return;
    }
    var kamelet = kamelets.get(name);
    if (kamelet == null) {
      report.grave(
          address.place(),
          "There is no kamelet " + name,
          Nearest.remedy(name, kamelets.keySet(), "Put it into routes/kamelets/."));
      return;
    }
    for (var given : address.parameters().entrySet()) {
      var parameter = kamelet.parameters().get(given.getKey());
      if (parameter != null) {
        checkValue(name, given.getKey(), parameter, given.getValue(), report);
      } else if (!ofAll.contains(given.getKey())) {
        report.grave(
            given.getValue().place(),
            "kamelet:" + name + " has no parameter " + given.getKey(),
            Nearest.remedy(
                given.getKey(),
                kamelet.parameters().keySet(),
                "See its head in routes/kamelets/."));
      }
    }
    for (var wanted : kamelet.required()) {
      var parameter = kamelet.parameters().get(wanted);
      if (!address.parameters().containsKey(wanted)
          && (parameter == null || parameter.preset() == null)) {
        report.grave(
            address.place(),
            "kamelet:" + name + " lacks its parameter " + wanted,
            "Add " + wanted + ": to its parameters.");
      }
    }
  }

  private static void checkValue(
      String kamelet,
      String name,
      Kamelet.Parameter parameter,
      RouteFile.Expression given,
      Report report) {
    var text = given.text();
    if (text.contains("{{")) {
      return;
    }
    var isRight =
        switch (parameter.type()) {
          case "integer" -> text.matches("[+-]?\\d+");
          case "number" -> text.matches("[+-]?\\d+(\\.\\d+)?");
          case "boolean" -> text.equals("true") || text.equals("false");
          default -> true;
        };
    if (!isRight || (!parameter.choices().isEmpty() && !parameter.choices().contains(text))) {
      report.grave(
          given.place(),
          "Expected %s of kamelet:%s to be %s, got %s"
              .formatted(
                  name,
                  kamelet,
                  parameter.choices().isEmpty()
                      ? "of type " + parameter.type()
                      : "one of " + parameter.choices(),
                  text.length() > 60 ? "something longer" : "'" + text + "'"),
          Nearest.remedy(text, parameter.choices(), "Mend the value."));
    }
  }

  private boolean isComponent(String scheme) {
    return own.containsKey(scheme)
        || camel.getRegistry().lookupByNameAndType(scheme + "-component", Component.class) != null
        || camel.getRegistry().lookupByNameAndType(scheme, Component.class) != null
        || (scheme.matches("[a-z][a-z0-9+.-]*")
            && camel.getClassResolver().loadResourceAsURL(SERVICES + scheme) != null);
  }

  private Optional<Options> options(String scheme) {
    var type = own.get(scheme);
    if (type != null) {
      return Optional.of(new Options(annotated(type), Set.of(), false));
    }
    var factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
    if (factory == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Options(
            factory.propertyNames(),
            new HashSet<>(factory.multiValuePrefixes().values()),
            factory.isLenientProperties()));
  }

  private static Set<String> annotated(Class<?> type) {
    var names = new HashSet<String>();
    for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      Stream.of(at.getDeclaredFields())
          .filter(EndpointCheck::isOption)
          .map(Field::getName)
          .forEach(names::add);
    }
    return names;
  }

  private static boolean isOption(Field field) {
    return Arrays.asList(field.getAnnotations()).stream()
        .anyMatch(a -> a instanceof UriParam || a instanceof UriPath);
  }
}
