package io.surveygateway.operations;

import io.surveygateway.operations.Overview.Range;
import io.surveygateway.operations.SurveyFigures.Completion;
import io.surveygateway.operations.SurveyFigures.Nps;
import io.surveygateway.operations.SurveyFigures.Part;
import io.surveygateway.operations.SurveyFigures.Questions;
import io.surveygateway.operations.SurveyFigures.Time;
import io.surveygateway.operations.SurveyFigures.Times;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.SurveyReads;
import io.surveygateway.store.SurveyReads.Count;
import io.surveygateway.store.SurveyReads.Key;
import io.surveygateway.store.SurveyReads.Newest;
import io.surveygateway.store.SurveyReads.Survey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Reads what one survey's page shows: counts for its numbers, and for times and titles a bounded
 * part of its newest events. Safe for use by many threads.
 */
public final class Surveys {

  private final SurveyReads reads;
  private final EventReads events;
  private final Clock clock;

  Surveys(SurveyReads reads, EventReads events, Clock clock) {
    this.reads = reads;
    this.events = events;
    this.clock = clock;
  }

  /**
   * @return empty where no response of such a survey ever came
   * @throws io.surveygateway.store.StoreUnavailableException if the store could not be reached
   */
  public Optional<SurveyFigures> read(String provider, String survey, Range range) {
    return reads.find(provider, survey).map(found -> figures(found, range));
  }

  private SurveyFigures figures(Survey survey, Range range) {
    var now = clock.instant();
    var since = range.start(now);
    var counts = reads.counts(survey.key(), range.part(), since);
    return new SurveyFigures(
        survey,
        now,
        range,
        parts(range, since, counts),
        new Completion(
            sum(counts, Count::completed),
            sum(counts, Count::partial),
            sum(counts, Count::disqualified),
            sum(counts, Count::overQuota),
            sum(counts, Count::deleted)),
        nps(counts),
        times(survey.key(), since),
        questions(survey, since));
  }

  private static long sum(List<Count> counts, ToLongFunction<Count> value) {
    return counts.stream().mapToLong(value).sum();
  }

  /** Another gateway's clock may be a little ahead: what it counted is of the last part. */
  private static List<Part> parts(Range range, Instant since, List<Count> counts) {
    var completed = new long[range.parts()];
    var others = new long[range.parts()];
    for (var count : counts) {
      var part = Duration.between(since, count.start()).toMillis() / range.part().toMillis();
      var at = (int) Math.max(0, Math.min(part, range.parts() - 1));
      completed[at] += count.completed();
      others[at] += count.partial() + count.disqualified() + count.overQuota();
    }
    var parts = new ArrayList<Part>();
    for (var i = 0; i < range.parts(); i++) {
      parts.add(new Part(since.plus(range.part().multipliedBy(i)), completed[i], others[i]));
    }
    return parts;
  }

  private static Nps nps(List<Count> counts) {
    return new Nps(
        IntStream.rangeClosed(0, 10)
            .mapToObj(score -> sum(counts, count -> count.nps().get(score)))
            .toList());
  }

  private Times times(Key survey, Instant since) {
    return new Times(
        SurveyReads.MOST_TIMED,
        reads.times(survey, since).entrySet().stream()
            .map(
                each ->
                    new Time(
                        each.getKey(), median(each.getValue()).toMillis(), each.getValue().size()))
            .sorted(Comparator.comparing(Time::destination))
            .toList());
  }

  /** The lower one of the two in the middle, where there are two: a time that was. */
  private static Duration median(List<Duration> times) {
    return times.stream().sorted().toList().get((times.size() - 1) / 2);
  }

  private Questions questions(Survey survey, Instant since) {
    var newest = reads.newest(survey.key(), since).stream().map(Newest::id).toList();
    var documents = events.documents(newest);
    return UntitledQuestions.of(
        survey, newest.stream().filter(documents::containsKey).map(documents::get).toList());
  }
}
