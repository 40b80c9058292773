package io.surveygateway.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.surveygateway.operations.Overview.Range;
import io.surveygateway.store.SurveyReads.Survey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One survey at one look: its responses of a range, by when they first came to the gateway, each as
 * its newest event has it.
 *
 * @param asOf when it was read
 * @param responses in each part of the range: completed, and the others; deleted ones left out
 * @param times from arrival to each destination, of some of the newest events of the range
 * @param questions that no title was known of, in some of the newest responses of the range
 */
public record SurveyFigures(
    Survey survey,
    Instant asOf,
    Range range,
    List<Part> responses,
    Completion completion,
    Nps nps,
    Times times,
    Questions questions) {

  /** One part of the range. */
  public record Part(Instant start, long completed, long others) {}

  /**
   * What became of the responses of the range.
   *
   * @param partial started, or under way
   * @param deleted of all that came; in none of the other numbers
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Completion(
      long completed, long partial, long disqualified, long overQuota, long deleted) {

    /** All but the deleted ones. */
    @JsonProperty("responses")
    public long responses() {
      return completed + partial + disqualified + overQuota;
    }

    /** Percent of the responses that are completed; null where there are none. */
    @JsonProperty("percentCompleted")
    public @Nullable Double percent() {
      return responses() == 0 ? null : 100.0 * completed / responses();
    }
  }

  /**
   * Likelihood to recommend, of the responses that say.
   *
   * @param answers how many said 0, 1, … 10
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Nps(List<Long> answers) {

    @JsonProperty("responses")
    public long all() {
      return sum(0, 10);
    }

    @JsonProperty("detractors")
    public long detractors() {
      return sum(0, 6);
    }

    @JsonProperty("passives")
    public long passives() {
      return sum(7, 8);
    }

    @JsonProperty("promoters")
    public long promoters() {
      return sum(9, 10);
    }

    /**
     * From -100 to 100: percent of promoters less percent of detractors; null where nobody said.
     */
    @JsonProperty("score")
    public @Nullable Double score() {
      return all() == 0 ? null : 100.0 * (promoters() - detractors()) / all();
    }

    private long sum(int from, int to) {
      return answers.subList(from, to + 1).stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * How long events took from the arrival of their request.
   *
   * @param of the newest events of the range were looked at, this many at most
   */
  public record Times(int of, List<Time> destinations) {}

  /**
   * To one destination.
   *
   * @param medianMs of those that arrived
   * @param events how many these are
   */
  public record Time(String destination, long medianMs, int events) {

    public Duration median() {
      return Duration.ofMillis(medianMs);
    }
  }

  /**
   * Questions without a title, and what else the catalogue could say.
   *
   * @param lookedAt responses, the newest of the range
   * @param answered of these, responses that hold answers
   * @param hasTitle whether the survey's title is known
   * @param scored of these, responses with any score
   * @param untitled in the order of the survey
   * @param setting what to write in {@code application.yaml}; null where nothing is missing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Questions(
      int lookedAt,
      int answered,
      boolean hasTitle,
      int scored,
      List<Question> untitled,
      @Nullable String setting) {}

  /**
   * One question.
   *
   * @param responses in which it was answered, of those looked at
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Question(String id, @Nullable String type, int responses) {}
}
