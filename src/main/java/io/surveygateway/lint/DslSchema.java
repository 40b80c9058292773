package io.surveygateway.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in a route, as the JSON schema says that camel-yaml-dsl brings with it.
 *
 * <p>A validator of JSON schemas takes seconds of CPU for it, and answers one misspelt name with
 * four messages, none of which has a line. What is needed of it is little: which members there may
 * be, and what each of them is.
 */
final class DslSchema {

  static final String ROUTE = "org.apache.camel.model.RouteDefinition";
  static final String STEP = "org.apache.camel.model.ProcessorDefinition";
  static final String FROM = "org.apache.camel.model.FromDefinition";
  static final String BEANS = "org.apache.camel.dsl.yaml.deserializers.BeansDeserializer";
  static final String EXPRESSION = "org.apache.camel.model.language.ExpressionDefinition";

  /**
   * One thing that may stand somewhere.
   *
   * @param name the schema's name for it; empty if it has none
   * @param members what it may have; empty if that is not said
   * @param isClosed whether it may have nothing else
   * @param isSingle whether it has one member alone
   * @param required members that it must have
   * @param item what its list holds, if it is a list
   * @param choices texts that it may be; empty if that is not said
   */
  record Shape(
      String name,
      Map<String, JsonNode> members,
      boolean isClosed,
      boolean isSingle,
      Set<String> required,
      Set<String> types,
      @Nullable JsonNode item,
      List<String> choices) {

    boolean isOnly(String type) {
      return types.size() == 1 && types.contains(type);
    }

    /** The class that Camel makes of it, without its package. */
    String shortName() {
      return name.substring(name.lastIndexOf('.') + 1);
    }
  }

  private final JsonNode entry;
  private final JsonNode definitions;
  private final Map<JsonNode, String> names = new IdentityHashMap<>();
  private final Map<JsonNode, Shape> shapes = new IdentityHashMap<>();

  private DslSchema(JsonNode schema) {
    this.entry = schema.path("items");
    this.definitions = entry.path("definitions");
    definitions.properties().forEach(one -> names.put(one.getValue(), one.getKey()));
  }

  static DslSchema load() {
    try (var json =
        YamlRoutesBuilderLoader.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      if (json == null) {
        throw new IllegalStateException(
            "Expected schema/camelYamlDsl.json in camel-yaml-dsl, and there is none");
      }
      return new DslSchema(new ObjectMapper().readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an entry of a {@code *.camel.yaml} file may be. */
  JsonNode entry() {
    return entry;
  }

  /**
   * @throws IllegalArgumentException if the schema has no definition of that name
   */
  JsonNode definition(String name) {
    var found = definitions.get(name);
    if (found == null) {
      throw new IllegalArgumentException("Camel's YAML schema has no definition " + name);
    }
    return found;
  }

  /** The languages of expressions: simple, jq, constant … */
  Set<String> languages() {
    return shape(definition(EXPRESSION)).members().keySet();
  }

  Shape shape(JsonNode schema) {
    var known = shapes.get(schema);
    if (known == null) {
      var reading = new Reading();
      reading.read(schema, true);
      known = reading.shape();
      shapes.put(schema, known);
    }
    return known;
  }

  /** Brings together what a schema says of one thing by references and alternatives. */
  private final class Reading {

    private String name = "";
    private final Map<String, JsonNode> members = new HashMap<>();
    private final Set<String> required = new TreeSet<>();
    private final Set<String> types = new TreeSet<>();
    private final List<String> choices = new ArrayList<>();
    private boolean isClosed;
    private boolean isSingle;
    private @Nullable JsonNode item;

    void read(JsonNode schema, boolean isWhole) {
      if (isWhole && name.isEmpty()) {
        name = names.getOrDefault(schema, "");
      }
      var reference = schema.path("$ref").asText("");
      if (!reference.isEmpty()) {
        var target = definition(reference.substring(reference.lastIndexOf('/') + 1));
        if (isWhole && name.isEmpty()) {
          name = names.getOrDefault(target, "");
        }
        read(target, isWhole);
      }
      if (schema.has("type")) {
        types.add(schema.path("type").asText());
      }
      for (var member : schema.path("properties").properties()) {
        // Where a member is one of several alternatives, it stands once more, with nothing in it.
        members.merge(member.getKey(), member.getValue(), (old, one) -> old.isEmpty() ? one : old);
      }
      if (isWhole) {
        schema.path("required").forEach(one -> required.add(one.asText()));
      }
      isClosed |=
          schema.has("additionalProperties") && !schema.path("additionalProperties").asBoolean();
      isSingle |= schema.path("maxProperties").asInt() == 1;
      schema.path("enum").forEach(one -> choices.add(one.asText()));
      if (schema.has("items")) {
        item = schema.get("items");
      }
      for (var alternatives : List.of("oneOf", "anyOf", "allOf")) {
        schema.path(alternatives).forEach(one -> read(one, false));
      }
    }

    Shape shape() {
      return new Shape(name, members, isClosed, isSingle, required, types, item, choices);
    }
  }
}
