package io.surveygateway.lint;

import io.surveygateway.lint.RouteFile.Endpoint;
import io.surveygateway.lint.RouteFile.Expression;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An endpoint taken apart.
 *
 * @param scheme the component: {@code outbox}
 * @param name what stands behind it, or in the parameter that stands for it: {@code slack}
 * @param parameters all of them, those in the uri's query too
 */
record Address(Endpoint endpoint, String scheme, String name, Map<String, Expression> parameters) {

  /** What a component calls the one thing that its address names. */
  private static final Map<String, String> NAMES =
      Map.of(
          "direct", "name",
          "seda", "name",
          "inbox", "provider",
          "outbox", "destination",
          "platform-http", "path",
          "kamelet", "templateId");

  /** Nothing if it is made while messages pass, or of settings that are not there. */
  static Optional<Address> of(Endpoint endpoint, Settings settings) {
    var uri = settings.resolve(endpoint.uri());
    if (uri.isEmpty() || uri.get().contains("${")) {
      return Optional.empty();
    }
    var text = uri.get();
    var query = text.indexOf('?');
    var parameters = new LinkedHashMap<>(endpoint.parameters());
    if (query >= 0) {
      for (var pair : text.substring(query + 1).split("&")) {
        var equals = pair.indexOf('=');
        parameters.putIfAbsent(
            equals < 0 ? pair : pair.substring(0, equals),
            new Expression(equals < 0 ? "" : pair.substring(equals + 1), endpoint.place()));
      }
      text = text.substring(0, query);
    }
    var colon = text.indexOf(':');
    var scheme = colon < 0 ? text : text.substring(0, colon);
    var rest = colon < 0 ? "" : text.substring(colon + 1).replaceFirst("^//", "");
    var named = parameters.get(NAMES.getOrDefault(scheme, ""));
    var name = rest.isEmpty() && named != null ? settings.resolve(named.text()).orElse("") : rest;
    return Optional.of(new Address(endpoint, scheme, name, parameters));
  }

  boolean is(String component) {
    return scheme.equals(component);
  }

  Place place() {
    return endpoint.place();
  }

  /** A parameter's text, empty if it is not given. */
  String parameter(String parameter) {
    var given = parameters.get(parameter);
    return given == null ? "" : given.text();
  }

  @Override
  public String toString() {
    return scheme + ":" + name;
  }
}
