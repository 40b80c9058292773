package io.surveygateway.console;

import io.surveygateway.operations.Overview.Range;
import io.surveygateway.store.EventSearch;
import io.surveygateway.trial.MappingDiff;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters of {@code /api}: what each means, and its limits. Keeps no state. */
final class ApiParameters {

  private ApiParameters() {}

  /**
   * @param name as {@link Described#query} has it: the parameter's, or with what it belongs to
   *     before it, where one name has several meanings
   */
  static Parameter query(String name) {
    return switch (name) {
      case "after" ->
          query(name, "Where the page begins, as a link named next has it", text("100-7"));
      case "survey after" ->
          query("after", "Where the page begins, as a link named next has it", text("popsee:3d0c"));
      case "text" ->
          query(
              name,
              "A text that the event has in it",
              new StringSchema()
                  .minLength(EventSearch.SHORTEST)
                  .maxLength(EventSearch.LONGEST)
                  .example("example.org"));
      case "range" ->
          query(
              name,
              "How far back",
              oneOf(
                  Stream.of(Range.values())
                      .map(range -> range.name().toLowerCase(Locale.ROOT))
                      .collect(Collectors.toSet())));
      case "limit" ->
          query(
              name,
              "Entries of a page, at most",
              whole(1, ApiQuery.LARGEST_LIMIT)._default(ApiQuery.USUAL_LIMIT));
      case "destination" -> query(name, "Name of a destination", text("slack"));
      case "provider" -> query(name, "Name of a provider", text("popsee"));
      case "survey" -> query(name, "Id of a survey, at its provider", text("310044821"));
      case "subject" ->
          query(name, "A response: its provider, a colon, and its id", text("popsee:7c9e6679"));
      case "type" -> query(name, "Type of event", text("survey.response.completed"));
      case "delivery state" -> query("state", "State", oneOf(ApiQuery.DELIVERY_STATES));
      case "request state" -> query("state", "State", oneOf(ApiQuery.REQUEST_STATES));
      case "failureKind" -> query(name, "Kind of the last failure", oneOf(ApiQuery.FAILURE_KINDS));
      case "from" -> query(name, "Not before this moment, or this day (UTC)", moment());
      case "to" -> query(name, "Before this moment, or this day (UTC)", moment());
      case "request" -> query(name, "Id of a stored request, instead of a body", id());
      case "path" -> query(name, "What its path had behind the provider's name", longText());
      case "header" ->
          query(
              name,
              "A header that it had, as X-Event:value; may be repeated",
              new ArraySchema().items(longText()));
      case "receivedAt" -> query(name, "When it was received; else now", moment());
      case "fetch" ->
          query(
              name,
              "Whether answers are fetched from the provider's API, where its mapping does so",
              new BooleanSchema()._default(false));
      case "wrapped" ->
          query(
              name,
              "Whether the body is an object that holds the request",
              new BooleanSchema()._default(false));
      case "days" -> query(name, "Requests of so many days", whole(1, MappingsApi.MOST_DAYS));
      case "diff limit" ->
          query(
              "limit",
              "Requests that are looked at, at most",
              whole(1, MappingDiff.MOST_REQUESTS)._default(MappingDiff.USUAL_REQUESTS));
      case "situation" ->
          query(name, "What the sample is to be called", new StringSchema().example("completed"))
              .required(true);
      case "diff" ->
          query(
              name,
              "Whether to count what it would change too; for map-again alone",
              new BooleanSchema()._default(false));
      default ->
          throw new IllegalArgumentException("Expected a known parameter of a query, got " + name);
    };
  }

  static Parameter path(String name) {
    var parameter = new PathParameter().name(name);
    return switch (name) {
      case "id" -> parameter.description("Id, as a list has it").schema(id());
      case "name" ->
          parameter
              .description("Name of the destination or provider, as a list has it")
              .schema(new StringSchema());
      case "survey" ->
          parameter
              .description("Id of the survey, at its provider; slashes in it stay as they are")
              .schema(new StringSchema());
      case "provider" -> parameter.description("Name of the provider").schema(new StringSchema());
      default -> throw new IllegalArgumentException("Expected id, name or provider, got " + name);
    };
  }

  private static Parameter query(String name, String description, Schema<?> schema) {
    return new QueryParameter().name(name).description(description).schema(schema);
  }

  private static Schema<?> text(String example) {
    return new StringSchema().minLength(1).maxLength(ApiQuery.LONGEST_VALUE).example(example);
  }

  private static Schema<?> longText() {
    return new StringSchema().maxLength(MappingsApi.LONGEST_VALUE);
  }

  private static Schema<?> moment() {
    return new StringSchema().example("2026-03-02T09:00:00Z");
  }

  private static Schema<?> id() {
    return new IntegerSchema().format("int64").minimum(BigDecimal.ZERO);
  }

  private static IntegerSchema whole(int least, int most) {
    var schema = new IntegerSchema();
    schema.setMinimum(BigDecimal.valueOf(least));
    schema.setMaximum(BigDecimal.valueOf(most));
    return schema;
  }

  private static Schema<?> oneOf(Set<String> values) {
    return new StringSchema()._enum(List.copyOf(new TreeSet<>(values)));
  }
}
