package io.surveygateway.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.surveygateway.event.CatalogueProperties.KnownQuestion;
import io.surveygateway.event.CatalogueProperties.KnownSurvey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** The setting {@code gateway.surveys}, as an engineer writes it. */
class CataloguePropertiesTest {

  @Configuration
  @EnableConfigurationProperties(CatalogueProperties.class)
  static class Settings {}

  private final ApplicationContextRunner gateway =
      new ApplicationContextRunner().withUserConfiguration(Settings.class);

  @Test
  void isEmptyWhereNothingIsSet() {
    gateway.run(
        started -> assertThat(started.getBean(CatalogueProperties.class).surveys()).isEmpty());
    gateway
        .withPropertyValues("gateway.surveys=", "gateway.webhook.port=8080")
        .run(started -> assertThat(started.getBean(CatalogueProperties.class).surveys()).isEmpty());
  }

  @Test
  void readsSurveysAndQuestions() {
    gateway
        .withPropertyValues(
            "gateway.surveys[0].id=90311",
            "gateway.surveys[0].provider=smartsurvey",
            "gateway.surveys[0].title=Visit",
            "gateway.surveys[0].questions[0].id=q1",
            "gateway.surveys[0].questions[0].title=How likely?",
            "gateway.surveys[0].questions[0].role=nps",
            "gateway.surveys[0].questions[0].type=rating",
            "gateway.surveys[0].questions[1].id=q2",
            "gateway.surveys[0].questions[1].role=externalId",
            "gateway.surveys[1].id=90311")
        .run(
            started ->
                assertThat(started.getBean(CatalogueProperties.class).surveys())
                    .containsExactly(
                        new KnownSurvey(
                            "90311",
                            "smartsurvey",
                            "Visit",
                            List.of(
                                new KnownQuestion("q1", "How likely?", "nps", "rating"),
                                new KnownQuestion("q2", null, "externalId", null))),
                        new KnownSurvey("90311", null, null, List.of())));
  }

  @Test
  void refusesARoleThatItDoesNotKnow() {
    assertRefused(
        "gateway.surveys, question q1: expected a role out of nps, csat, ces, email, name, phone,"
            + " externalId, comment, and got npss",
        "gateway.surveys[0].id=s",
        "gateway.surveys[0].questions[0].id=q1",
        "gateway.surveys[0].questions[0].role=npss");
  }

  @Test
  void refusesATypeThatItDoesNotKnow() {
    assertRefused(
        "gateway.surveys, question q1: expected a type out of boolean, choice, choices, date,"
            + " email, file, number, other, phone, rating, text, and got stars",
        "gateway.surveys[0].id=s",
        "gateway.surveys[0].questions[0].id=q1",
        "gateway.surveys[0].questions[0].type=stars");
  }

  @Test
  void refusesAQuestionTwice() {
    assertRefused(
        "gateway.surveys, survey s: expected each question once, and q1 stands there twice",
        "gateway.surveys[0].id=s",
        "gateway.surveys[0].questions[0].id=q1",
        "gateway.surveys[0].questions[1].id=q1");
  }

  @Test
  void refusesASurveyTwice() {
    assertRefused(
        "gateway.surveys: expected each survey once, and survey s of popsee stands there twice",
        "gateway.surveys[0].id=s",
        "gateway.surveys[0].provider=popsee",
        "gateway.surveys[1].id=s",
        "gateway.surveys[1].provider=popsee");
  }

  @Test
  void refusesASurveyOrQuestionWithoutAnId() {
    assertRefused(
        "gateway.surveys: expected an id for each survey, and one has none",
        "gateway.surveys[0].title=Visit");
    assertRefused(
        "gateway.surveys: expected an id for each question, and one has none",
        "gateway.surveys[0].id=s",
        "gateway.surveys[0].questions[0].role=nps");
  }

  private void assertRefused(String message, String... settings) {
    gateway
        .withPropertyValues(settings)
        .run(started -> assertThat(started).getFailure().rootCause().hasMessage(message));
  }
}
