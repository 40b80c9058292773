package io.surveygateway.lint;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.lint.DslSchema.Shape;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Walks through the nodes of one file beside {@link DslSchema}, names what has no place there, and
 * shows the rest to a {@link Visitor}.
 */
final class DslCheck {

  /** Is shown each thing that the schema has a name for, from the outside in. */
  interface Visitor {

    /**
     * @param kind its name in the schema, without the package: {@code ToDefinition}
     */
    void visit(String kind, Node node);

    /** The same thing again, when all that is inside was shown. */
    default void leave(String kind, Node node) {}
  }

  private static final int DEEPEST = 150;
  private static final int MOST_NODES = 100_000;

  private final DslSchema schema;
  private final Set<String> languages;
  private final String file;
  private final Report report;
  private final Visitor visitor;
  private int nodes;

  DslCheck(DslSchema schema, String file, Report report, Visitor visitor) {
    this.schema = schema;
    this.languages = schema.languages();
    this.file = file;
    this.report = report;
    this.visitor = visitor;
  }

  /** A file of routes: a list of entries, each a {@code route}, a {@code routeConfiguration} … */
  void checkEntries(Node root) {
    if (!(root instanceof SequenceNode entries)) {
      report.grave(
          Yaml.place(file, root),
          "Expected a list of routes, got something else: Camel would ignore the file",
          "Begin each entry with a hyphen: - route:");
      return;
    }
    entries.getValue().forEach(entry -> check(schema.entry(), entry, "entry", 0));
  }

  /** Something that the schema has a definition of. */
  void check(String definition, Node node, String what) {
    check(schema.definition(definition), node, what, 0);
  }

  private void check(JsonNode part, Node node, String what, int depth) {
    if (++nodes > MOST_NODES || depth > DEEPEST) {
      return;
    }
    var shape = schema.shape(part);
    var kind = shape.shortName();
    if (!kind.isEmpty()) {
      visitor.visit(kind, node);
    }
    if (node instanceof MappingNode mapping) {
      checkMembers(shape, mapping, what, depth);
    } else if (node instanceof SequenceNode list) {
      checkItems(shape, list, what, depth);
    } else if (node instanceof ScalarNode scalar) {
      checkScalar(shape, scalar, what);
    }
    if (!kind.isEmpty()) {
      visitor.leave(kind, node);
    }
  }

  private void checkMembers(Shape shape, MappingNode mapping, String what, int depth) {
    var at = Yaml.place(file, mapping);
    if (!shape.types().isEmpty() && !shape.types().contains("object")) {
      report.grave(
          at,
          "Expected " + what + " to be a " + typesOf(shape) + ", got named members",
          shape.types().contains("array")
              ? "Begin each item with a hyphen."
              : "Write its value behind the colon.");
      return;
    }
    var seen = new HashSet<String>();
    for (var tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        continue;
      }
      var name = key.getValue();
      var place = Yaml.place(file, key);
      if (!seen.add(name)) {
        report.grave(
            place, name + " stands twice in " + what, "Delete one: Camel takes one of them only.");
      }
      var member = shape.members().get(name);
      if (member != null) {
        check(member, tuple.getValueNode(), name, depth + 1);
      } else if (shape.isClosed()) {
        sayUnknown(shape, name, place, what);
      }
    }
    if (shape.isSingle() && seen.size() > 1) {
      report.grave(
          at,
          "Expected one name behind the hyphen, got " + String.join(", ", seen),
          "Indent what belongs to " + seen.iterator().next() + " further, by two blanks.");
    }
    for (var name : shape.required()) {
      if (!seen.contains(name) && seen.stream().allMatch(shape.members()::containsKey)) {
        report.grave(at, what + " lacks " + name, "Add " + name + ": to " + what + ".");
      }
    }
    if (wantsExpression(shape) && seen.stream().noneMatch(this::isExpression)) {
      report.grave(
          at,
          what + " lacks an expression",
          "Add expression: with jq:, simple: or constant: below it.");
    }
  }

  private void sayUnknown(Shape shape, String name, Place place, String what) {
    var isStep = shape.name().equals(DslSchema.STEP);
    report.grave(
        place,
        isStep
            ? "There is no step " + name
            : what.equals("entry")
                ? "There is no " + name + " in files of routes"
                : what + " has no " + name,
        Nearest.remedy(
            name,
            shape.members().keySet(),
            isStep
                ? "See https://camel.apache.org/components/next/eips/ for the steps that there are."
                : "Check its spelling, and its indentation: it may belong further out or in."));
  }

  private void checkItems(Shape shape, SequenceNode list, String what, int depth) {
    if (!shape.types().isEmpty() && !shape.types().contains("array")) {
      report.grave(
          Yaml.place(file, list),
          "Expected " + what + " to be a " + typesOf(shape) + ", got a list",
          "Take the hyphens away.");
      return;
    }
    if (shape.item() != null) {
      for (var item : list.getValue()) {
        check(shape.item(), item, what.equals("steps") ? "step" : "item of " + what, depth + 1);
      }
    }
  }

  private void checkScalar(Shape shape, ScalarNode scalar, String what) {
    var at = Yaml.place(file, scalar);
    if (Yaml.isNothing(scalar)) {
      if (!shape.required().isEmpty()) {
        report.grave(
            at,
            "Nothing stands below " + what + ", expected " + String.join(", ", shape.required()),
            "Indent what belongs to " + what + " further than it.");
      }
      return;
    }
    if (shape.isOnly("object") || shape.isOnly("array")) {
      report.grave(
          at,
          "Expected " + what + " to be a " + typesOf(shape) + ", got " + quoted(scalar),
          "Write " + what + ": alone on its line, and what belongs to it below, indented.");
    } else if (!shape.choices().isEmpty()
        && !shape.choices().contains(scalar.getValue())
        && !scalar.getValue().contains("{{")) {
      report.grave(
          at,
          "Expected " + what + " to be one of " + shape.choices() + ", got " + quoted(scalar),
          Nearest.remedy(scalar.getValue(), shape.choices(), "Choose one of them."));
    }
  }

  private boolean wantsExpression(Shape shape) {
    return !shape.name().equals(DslSchema.EXPRESSION)
        && shape.members().containsKey("expression")
        && shape.members().containsKey("simple")
        && shape.members().containsKey("constant");
  }

  private boolean isExpression(String member) {
    return member.equals("expression") || languages.contains(member);
  }

  private static String typesOf(Shape shape) {
    return shape.types().stream()
        .map(
            type ->
                switch (type) {
                  case "object" -> "map";
                  case "array" -> "list";
                  case "string" -> "text";
                  default -> type;
                })
        .collect(Collectors.joining(" or "));
  }

  private static String quoted(ScalarNode scalar) {
    var text = scalar.getValue();
    return "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
  }
}
