package io.surveygateway.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.surveygateway.operations.SurveyFigures.Question;
import io.surveygateway.operations.SurveyFigures.Questions;
import io.surveygateway.store.SurveyReads.Survey;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds questions that canonical responses name by their id alone, and says what the catalogue
 * ({@code gateway.surveys}) would have to hold. For one thread.
 */
final class UntitledQuestions {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** More would be no page to read. */
  private static final int MOST = 200;

  private final Survey survey;
  private final Map<String, Question> untitled = new LinkedHashMap<>();
  private int lookedAt;
  private int answered;
  private int scored;

  private UntitledQuestions(Survey survey) {
    this.survey = survey;
  }

  /**
   * @param documents canonical events about responses of the survey, as JSON text
   */
  static Questions of(Survey survey, Collection<String> documents) {
    var questions = new UntitledQuestions(survey);
    documents.forEach(questions::add);
    return questions.found();
  }

  private void add(String document) {
    lookedAt++;
    var data = read(document).path("data");
    answered += data.path("answers").isEmpty() ? 0 : 1;
    scored += data.path("scores").isEmpty() ? 0 : 1;
    var seen = new HashSet<String>();
    for (var answer : data.path("answers")) {
      var id = answer.path("questionId").asText();
      var question = answer.path("question").asText().strip();
      if ((question.isEmpty() || question.equals(id)) && !id.isEmpty() && seen.add(id)) {
        count(id, answer.path("type").textValue());
      }
    }
  }

  private void count(String id, @Nullable String type) {
    if (untitled.size() < MOST || untitled.containsKey(id)) {
      untitled.merge(
          id,
          new Question(id, type, 1),
          (known, one) ->
              new Question(
                  id, known.type() == null ? one.type() : known.type(), known.responses() + 1));
    }
  }

  private static JsonNode read(String document) {
    try {
      return JSON.readTree(document);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private Questions found() {
    var hasTitle = survey.title() != null;
    var isComplete = untitled.isEmpty() && (hasTitle || lookedAt == 0);
    return new Questions(
        lookedAt,
        answered,
        hasTitle,
        scored,
        List.copyOf(untitled.values()),
        isComplete ? null : setting(hasTitle));
  }

  /** Titles are empty, which is as if they were not there, until somebody fills them in. */
  private String setting(boolean hasTitle) {
    var yaml = new StringBuilder("gateway:\n  surveys:\n");
    yaml.append("    - id: ").append(quoted(survey.id())).append('\n');
    yaml.append("      provider: ").append(survey.provider()).append('\n');
    if (!hasTitle) {
      yaml.append("      title: \"\"\n");
    }
    if (!untitled.isEmpty()) {
      yaml.append("      questions:\n");
      untitled
          .keySet()
          .forEach(
              id ->
                  yaml.append("        - {id: ")
                      .append(quoted(id))
                      .append(", title: \"\", role: \"\"}\n"));
    }
    return yaml.toString();
  }

  /** A text of JSON is one of YAML. */
  private static String quoted(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }
}
