package io.surveygateway.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Says in a few lines why a route keeps the gateway from starting: file, line and column where
 * Camel knows them, each reason once, and what to do.
 *
 * <p>Camel's own report is 90 lines of stack, with the one that helps in the middle.
 */
public final class RouteFailureAnalyzer implements FailureAnalyzer {

  private static final Pattern STEP = Pattern.compile(">>> (.*) <<<", Pattern.DOTALL);

  private static final Pattern MISSING_SETTING =
      Pattern.compile("Property with key \\[([^]]+)] not found");

  private static final Pattern LINE_AND_COLUMN = Pattern.compile("at line (\\d+), column (\\d+)");

  /** Wrappers put the class of what they wrap before its words. */
  private static final Pattern CLASS_NAMES = Pattern.compile("^(?:(?:\\w+\\.)+[A-Z]\\w*: )+");

  private static final Pattern DOUBLED_ID =
      Pattern.compile("Duplicate route ids detected: ([^.]+)\\.");

  private static final int LONGEST_REASON = 1000;

  private final Environment environment;

  /**
   * What Camel says, made short.
   *
   * @param routeId the route that it is about, or null if Camel does not say
   * @param says where, and why; several lines
   * @param remedy what to do about it; empty if nothing more than the reason helps
   */
  public record Told(@Nullable String routeId, String says, Optional<String> remedy) {}

  public RouteFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    return tell(failure)
        .map(
            told ->
                new FailureAnalysis(
                    told.says,
                    told.remedy.orElse(
                        "Mend the route and start again. Nothing was received: the gateway starts"
                            + " with all of its routes or not at all."),
                    failure))
        .orElse(null);
  }

  /** Nothing if it is no failure of Camel's. */
  public Optional<Told> tell(Throwable failure) {
    var causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50).toList();
    if (causes.stream().noneMatch(RouteFailureAnalyzer::isCamels)) {
      return Optional.empty();
    }
    var lines = new ArrayList<String>();
    lines.add(whichRoute(causes));
    for (var reason : reasons(causes)) {
      lines.add(reason.indent(2).stripTrailing());
    }
    return Optional.of(
        new Told(
            causes.stream()
                .map(RouteFailureAnalyzer::routeId)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null),
            String.join("\n", lines),
            whatToDo(causes)));
  }

  private static @Nullable String routeId(Throwable cause) {
    if (cause instanceof FailedToCreateRouteException built) {
      return built.getRouteId();
    }
    return cause instanceof FailedToStartRouteException started ? started.getRouteId() : null;
  }

  private static boolean isCamels(Throwable cause) {
    return cause.getClass().getName().startsWith("org.apache.camel.");
  }

  private String whichRoute(List<Throwable> causes) {
    for (var cause : causes) {
      if (cause instanceof FailedToCreateRouteException built && built.getRouteId() != null) {
        var step = STEP.matcher(String.valueOf(built.getMessage()));
        return "Route %s could not be built%s:"
            .formatted(
                withPlace(built.getRouteId()),
                step.find() ? ", at the step " + firstLine(step.group(1)) : "");
      }
      if (cause instanceof FailedToStartRouteException started && started.getRouteId() != null) {
        return "Route %s could not be started:".formatted(withPlace(started.getRouteId()));
      }
      var doubled = DOUBLED_ID.matcher(String.valueOf(cause.getMessage()));
      if (doubled.find()) {
        return "Route %s stands in more than one place:".formatted(withPlace(doubled.group(1)));
      }
    }
    return "The routes could not be loaded:";
  }

  /** Camel forgets where a route stood: looks for its id in the route files. */
  private String withPlace(String routeId) {
    var places = new ArrayList<String>();
    var routeIdLine = Pattern.compile(" {2,4}id: [\"']?" + Pattern.quote(routeId) + "[\"']?\\s*");
    try {
      var pattern = environment.getProperty("camel.main.routes-include-pattern", "");
      for (var file : new PathMatchingResourcePatternResolver().getResources(pattern)) {
        var lines = file.getContentAsString(UTF_8).lines().toList();
        for (var i = 0; i < lines.size(); i++) {
          if (routeIdLine.matcher(lines.get(i)).matches()) {
            places.add(file.getFilename() + ", line " + (i + 1));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // The report is worth more than the place.
    }
    return places.isEmpty() ? routeId : routeId + " (" + String.join("; ", places) + ")";
  }

  /** What the causes say, outermost first, without what another one repeats. */
  private static List<String> reasons(List<Throwable> causes) {
    var reasons = new ArrayList<String>();
    for (var cause : causes) {
      var reason = reason(cause, causes);
      if (reason.isEmpty() || reasons.stream().anyMatch(said -> said.contains(reason))) {
        continue;
      }
      // Wrappers end with the words of what they wrap; the inner one says it with less before it.
      reasons.removeIf(said -> said.contains(firstLine(reason)) || reason.contains(said));
      reasons.add(reason);
    }
    return reasons;
  }

  private static String reason(Throwable cause, List<Throwable> causes) {
    var message = CLASS_NAMES.matcher(String.valueOf(cause.getMessage()).strip()).replaceFirst("");
    if (cause instanceof FailedToCreateRouteException
        || cause instanceof FailedToStartRouteException) {
      var because = message.indexOf(" because: ");
      return cause.getCause() != null
          ? ""
          : because < 0 ? message : message.substring(because + " because: ".length());
    }
    if (cause instanceof ExpressionIllegalSyntaxException syntax) {
      return withoutTokens(quoteFor(syntax, causes));
    }
    if (cause.getClass().getName().startsWith("net.thisptr.jackson.jq.")) {
      // The parser's words; what wraps it repeats the whole file.
      return cause.getCause() == null ? withoutTokens(message) : "";
    }
    if (cause instanceof NullPointerException || cause.getMessage() == null) {
      return "%s: %s".formatted(cause.getClass().getSimpleName(), message);
    }
    return message.length() <= LONGEST_REASON
        ? message
        : message.substring(0, LONGEST_REASON) + "…";
  }

  /** The line of the expression that its parser stumbled over, with a mark below the place. */
  private static String quoteFor(ExpressionIllegalSyntaxException syntax, List<Throwable> causes) {
    var lines = syntax.getExpression().lines().toList();
    for (var cause : causes) {
      var place = LINE_AND_COLUMN.matcher(String.valueOf(cause.getMessage()));
      if (place.find()) {
        var line = Integer.parseInt(place.group(1));
        var column = Integer.parseInt(place.group(2));
        if (line >= 1 && line <= lines.size()) {
          return "Illegal syntax in line %d, column %d of the expression:\n  %s\n  %s^"
              .formatted(line, column, lines.get(line - 1), " ".repeat(Math.max(0, column - 1)));
        }
      }
    }
    return "Illegal syntax: " + (lines.isEmpty() ? "" : lines.get(0));
  }

  /** jq's parser lists every token that it would have taken: thirty lines. */
  private static String withoutTokens(String message) {
    var tokens = message.indexOf("Was expecting");
    return (tokens < 0 ? message : message.substring(0, tokens)).strip();
  }

  private static Optional<String> whatToDo(List<Throwable> causes) {
    for (var i = causes.size() - 1; i >= 0; i--) {
      var cause = causes.get(i);
      var missing = MISSING_SETTING.matcher(String.valueOf(cause.getMessage()));
      if (missing.find()) {
        return Optional.of(
            "Set %1$s in application.yaml, or write {{%1$s:default}} in the route."
                .formatted(missing.group(1)));
      }
      if (cause instanceof MarkedYamlEngineException
          || cause instanceof YamlDeserializationException) {
        return Optional.of(
            "Mend the file at the line and column above. Indentation decides what belongs to"
                + " what; an editor with Camel's YAML schema marks such places.");
      }
      if (cause instanceof ExpressionIllegalSyntaxException) {
        return Optional.of(
            "Mend the expression at the line and column above. A jq file can be tried on a"
                + " sample: jq -f <file> <sample>.");
      }
      if (cause instanceof FileNotFoundException || cause instanceof NoSuchFileException) {
        return Optional.of(
            "Check the path. It counts from the folder that the gateway was started in, which"
                + " holds routes/ and application.yaml.");
      }
      if (cause instanceof NoSuchEndpointException) {
        return Optional.of(
            "Check how the scheme is spelt. If it is right, the component's starter is missing"
                + " in pom.xml.");
      }
      if (cause instanceof NoSuchBeanException) {
        return Optional.of(
            "Check how the name is spelt in the route; a bean of that name must exist in Java.");
      }
      if (cause instanceof ResolveEndpointFailedException) {
        return Optional.of("Compare the parameters with the component's documentation.");
      }
    }
    return Optional.empty();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
