package io.surveygateway.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes that run, as Camel has them, and how they hang together.
 *
 * @param routes in the order in which they were loaded
 * @param providers with the routes of each, by name
 * @param choices which event goes where, in the order in which they stand
 * @param destinations with the routes of each, by name
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteMap(
    List<Line> routes,
    List<Provider> providers,
    List<Choice> choices,
    List<Destination> destinations) {

  /** What a route is there for. */
  public enum Part {
    /** Takes in what a provider sends. */
    RECEIVE,
    /** Makes events of what was taken in. */
    MAP,
    /** Decides which event goes where. */
    ROUTER,
    /** Brings events to a destination. */
    DELIVER,
    /** Called by none of those. */
    OTHER;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A route.
   *
   * @param from the endpoint that it begins with, without its parameters
   * @param of the provider or destination; null for routes of all
   * @param since when it was loaded; counts are of this gateway since then
   * @param done exchanges that came to its end
   * @param handled exchanges with a failure that its policy dealt with: refused, or set aside
   * @param failed exchanges that ended with a failure
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Line(
      String id,
      @Nullable String description,
      String from,
      Part part,
      @Nullable String of,
      String status,
      @Nullable Instant since,
      long done,
      long handled,
      long failed) {}

  /**
   * @param receives ids of routes that take in what it sends
   * @param maps ids of routes that map that
   * @param routers ids of those routes with choices that these hand events to
   */
  public record Provider(
      String name, List<String> receives, List<String> maps, Set<String> routers) {}

  /**
   * One way of an event: a branch of a choice, or what a route does with all of them.
   *
   * @param router id of the route that it stands in
   * @param id of the branch; of the route where it is no branch
   * @param destinations that events go to; none where they are kept alone
   */
  public record Choice(
      String router, String id, @Nullable String description, List<String> destinations) {}

  /**
   * @param delivers ids of routes that bring events there
   */
  public record Destination(String name, List<String> delivers) {}
}
