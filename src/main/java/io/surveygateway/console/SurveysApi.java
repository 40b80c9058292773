package io.surveygateway.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.surveygateway.operations.Overview.Range;
import io.surveygateway.operations.SurveyFigures;
import io.surveygateway.operations.Surveys;
import io.surveygateway.store.SurveyReads;
import io.surveygateway.store.SurveyReads.Key;
import io.surveygateway.store.SurveyReads.Survey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Surveys, and what became of the responses of each. */
@RestController
@RequestMapping(path = "/api/surveys", produces = MediaType.APPLICATION_JSON_VALUE)
final class SurveysApi {

  /**
   * @param next path and query of the next page; none: the list ends here
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SurveysAnswer(List<Survey> items, @Nullable String next) {}

  private final SurveyReads reads;
  private final Surveys surveys;

  SurveysApi(SurveyReads reads, Surveys surveys) {
    this.reads = reads;
    this.surveys = surveys;
  }

  /** By provider, then by id. */
  @Described(
      value = "List surveys, by provider and id",
      query = {"provider", "survey after", "limit"})
  @GetMapping
  SurveysAnswer list(HttpServletRequest request) {
    var query = new ApiQuery(request, Set.of("provider"), Set.of());
    var limit = query.limit();
    var found = reads.list(query.filter().provider(), after(query.afterText()), limit);
    var shown = found.subList(0, Math.min(found.size(), limit));
    return new SurveysAnswer(
        shown, found.size() > limit ? query.link(afterText(shown.get(limit - 1).key())) : null);
  }

  /** As a link holds it: a provider's name has no colon. */
  static String afterText(Key key) {
    return key.provider() + ":" + key.survey();
  }

  static @Nullable Key after(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var colon = text.indexOf(':');
    if (colon < 0) {
      throw ApiQuery.refuse("Expected after to be as the link to the next page has it");
    }
    return new Key(text.substring(0, colon), text.substring(colon + 1));
  }

  /**
   * @param survey its id behind a slash; an id may hold slashes of its own
   */
  @Described(value = "See what became of the responses of a survey", query = "range", errors = 400)
  @GetMapping("/{provider}/{*survey}")
  SurveyFigures one(
      @PathVariable String provider, @PathVariable String survey, HttpServletRequest request) {
    return surveys
        .read(provider, survey.substring(1), range(request))
        .orElseThrow(() -> ApiQuery.missing("a survey that a response came of"));
  }

  /** The only parameter: as the overview has it. */
  private static Range range(HttpServletRequest request) {
    var query = request.getParameterMap();
    if (query.keySet().stream().anyMatch(name -> !name.equals("range"))) {
      throw ApiQuery.refuse("Expected a query of range, got another parameter");
    }
    return range(request.getParameter("range"));
  }

  static Range range(@Nullable String text) {
    return text == null
        ? Range.WEEK
        : Range.of(text)
            .orElseThrow(
                () -> ApiQuery.refuse("Expected range to be one of hour, day, week, month"));
  }
}
