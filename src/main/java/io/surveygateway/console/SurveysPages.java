package io.surveygateway.console;

import io.surveygateway.operations.LaneOperations;
import io.surveygateway.operations.LaneOperations.Lane;
import io.surveygateway.operations.Overview;
import io.surveygateway.operations.Overview.Range;
import io.surveygateway.operations.SurveyFigures;
import io.surveygateway.operations.Surveys;
import io.surveygateway.store.SurveyReads;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Surveys that responses came of, and the figures of each. */
@ConsolePage
@RequestMapping("/surveys")
final class SurveysPages {

  private static final String PATH = "/surveys";

  /**
   * One answer's bar: how many gave it.
   *
   * @param tone of those who give it
   * @param y and {@code height} in a box that is 100 high
   */
  record ScoreBar(int score, String tone, long responses, String y, String height) {}

  private final SurveyReads reads;
  private final Surveys surveys;
  private final LaneOperations lanes;

  SurveysPages(SurveyReads reads, Surveys surveys, LaneOperations lanes) {
    this.reads = reads;
    this.surveys = surveys;
    this.lanes = lanes;
  }

  @GetMapping
  String list(HttpServletRequest request, Model model) {
    var query = new PageQuery(request, List.of("provider"), Set.of());
    var after = request.getParameter("after");
    var found = reads.list(query.value("provider"), SurveysApi.after(after), PageQuery.LIMIT);
    var shown = found.subList(0, Math.min(found.size(), PageQuery.LIMIT));
    model.addAttribute("section", Section.SURVEYS);
    model.addAttribute("filters", query.values());
    model.addAttribute("surveys", shown);
    model.addAttribute("isFirst", after == null);
    model.addAttribute(
        "next",
        found.size() > shown.size()
            ? query.with(PATH, "after", SurveysApi.afterText(shown.get(shown.size() - 1).key()))
            : "");
    model.addAttribute("now", query.with(PATH, "after", null));
    model.addAttribute("providers", lanes.providers().stream().map(Lane::name).toList());
    return "surveys";
  }

  /** An id may hold anything, so it is no part of the path. */
  @GetMapping("/{provider}")
  String one(
      @PathVariable String provider,
      @RequestParam String survey,
      @RequestParam(required = false) String range,
      Model model) {
    var figures =
        surveys
            .read(provider, survey, SurveysApi.range(range))
            .orElseThrow(() -> ApiQuery.missing("a survey that a response came of"));
    model.addAttribute("section", Section.SURVEYS);
    model.addAttribute("ranges", List.of(Range.values()));
    model.addAttribute("figures", figures);
    model.addAttribute("words", new Words(figures.asOf()));
    model.addAttribute("chart", chart(figures));
    model.addAttribute("scores", scores(figures.nps()));
    model.addAttribute("npsScore", signed(figures.nps().score()));
    model.addAttribute("npsWords", npsWords(figures.nps()));
    return "survey";
  }

  private static Chart chart(SurveyFigures figures) {
    return Chart.of(
        "Responses",
        "completed",
        "other",
        figures.range().part(),
        figures.responses().stream()
            .map(part -> new Overview.Part(part.start(), part.completed(), part.others()))
            .toList());
  }

  private static List<ScoreBar> scores(SurveyFigures.Nps nps) {
    var most = nps.answers().stream().mapToLong(Long::longValue).max().orElse(0);
    var bars = new ArrayList<ScoreBar>();
    for (var score = 0; score <= 10; score++) {
      var responses = nps.answers().get(score);
      var height = most == 0 ? 0 : 100.0 * responses / most;
      bars.add(
          new ScoreBar(
              score,
              score <= 6 ? "bad" : score <= 8 ? "warn" : "good",
              responses,
              String.format(Locale.ROOT, "%.2f", 100 - height),
              String.format(Locale.ROOT, "%.2f", height)));
    }
    return bars;
  }

  /** For those who do not see the bars. */
  private static String npsWords(SurveyFigures.Nps nps) {
    var words = new ArrayList<String>();
    for (var score = 0; score <= 10; score++) {
      words.add(score + ": " + nps.answers().get(score));
    }
    return "How many said each score. " + String.join(", ", words);
  }

  private static String signed(Double score) {
    return score == null ? "–" : String.format(Locale.ROOT, "%+d", Math.round(score));
  }
}
