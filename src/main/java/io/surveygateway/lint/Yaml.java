package io.surveygateway.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML file as nodes that know their line, read by the parser that Camel reads it with. */
final class Yaml {

  private Yaml() {}

  /** The root of a file, or nothing: then the report says why. */
  static Optional<Node> parse(String file, String text, Report report) {
    try {
      var settings = LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(20).build();
      var root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        report.grave(
            Place.of(file), "The file is empty", "Fill it, or delete it: Camel refuses to start.");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      var at =
          e.getProblemMark()
              .or(e::getContextMark)
              .map(mark -> new Place(file, mark.getLine() + 1, mark.getColumn() + 1))
              .orElse(Place.of(file));
      report.grave(
          at,
          "This is no YAML: " + e.getProblem(),
          text.contains("\t")
              ? "Indent with blanks: tabs are not taken."
              : "Compare the indentation with the lines above, and quote text that holds ': ' or"
                  + " starts with one of {[&*!|>'\"%@`.");
      return Optional.empty();
    } catch (YamlEngineException e) {
      report.grave(
          Place.of(file), "This is no YAML: " + e.getMessage(), "See https://yaml.org/spec.");
      return Optional.empty();
    }
  }

  static Place place(String file, Node node) {
    return node.getStartMark()
        .map(mark -> new Place(file, mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(Place.of(file));
  }

  /** Members of a mapping by name, in their order; none for another node. The last of two wins. */
  static Map<String, Member> members(@Nullable Node node) {
    var members = new LinkedHashMap<String, Member>();
    if (node instanceof MappingNode mapping) {
      for (var tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          members.put(key.getValue(), new Member(key, tuple.getValueNode()));
        }
      }
    }
    return members;
  }

  /** The value of a member, a step down for each name; null if there is none. */
  static @Nullable Node find(@Nullable Node node, String... path) {
    var at = node;
    for (var name : path) {
      var member = members(at).get(name);
      at = member == null ? null : member.value();
    }
    return at;
  }

  static List<Node> items(@Nullable Node node) {
    return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
  }

  /** The text of a scalar, null for another node. */
  static @Nullable String text(@Nullable Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : null;
  }

  /** Whether nothing stands there: {@code steps:} and no more. */
  static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && (scalar.getValue().isEmpty()
            || scalar.getValue().equals("null")
            || scalar.getValue().equals("~"));
  }

  /** One entry of a mapping. */
  record Member(ScalarNode key, Node value) {}
}
