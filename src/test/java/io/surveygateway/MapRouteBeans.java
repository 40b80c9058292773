package io.surveygateway;

import io.surveygateway.event.SurveyJson;
import io.surveygateway.inbox.CarefulHttp;
import io.surveygateway.inbox.FormToJson;
import io.surveygateway.inbox.HtmlText;
import io.surveygateway.inbox.JsonText;
import io.surveygateway.inbox.QuickJq;
import io.surveygateway.inbox.XmlToJson;
import io.surveygateway.surveymonkey.CallAccount;
import io.surveygateway.surveymonkey.CallBudget;
import io.surveygateway.surveymonkey.SurveyMonkeyAnswer;
import io.surveygateway.surveymonkey.SurveyMonkeyAuthorization;
import io.surveygateway.surveymonkey.SurveyMonkeyErrors;
import io.surveygateway.surveymonkey.SurveyMonkeyHttp;
import io.surveygateway.surveymonkey.SurveyMonkeyNotTogether;
import io.surveygateway.surveymonkey.SurveyMonkeyTogether;
import io.surveygateway.surveymonkey.SurveyMonkeyTurn;
import java.time.Clock;
import java.util.Map;
import org.apache.camel.spi.Registry;

/**
 * The beans that map routes name, for tests that run a route without Spring. A provider whose route
 * names another one is added here.
 */
final class MapRouteBeans {

  private MapRouteBeans() {}

  static void bindTo(Registry registry) {
    registry.bind(SurveyJson.BEAN, SurveyJson.mapper());
    registry.bind(HtmlText.BEAN, new HtmlText());
    var budget = new NoLimit();
    var errors = new SurveyMonkeyErrors();
    var answer = new SurveyMonkeyAnswer(SurveyJson.mapper());
    registry.bind("surveyMonkeyErrors", errors);
    registry.bind("surveyMonkeyHttp", new SurveyMonkeyHttp(budget));
    registry.bind("surveyMonkeyAnswer", answer);
    registry.bind("surveyMonkeyAuthorization", new SurveyMonkeyAuthorization(""));
    registry.bind("surveyMonkeyTurn", new SurveyMonkeyTurn(budget, answer));
    registry.bind("surveyMonkeyNotTogether", new SurveyMonkeyNotTogether(errors));
    registry.bind(
        "surveyMonkeyTogether",
        new SurveyMonkeyTogether(budget, SurveyJson.mapper(), Clock.systemUTC()));
    registry.bind(CarefulHttp.BEAN, new CarefulHttp());
    registry.bind(XmlToJson.BEAN, new XmlToJson());
    registry.bind(FormToJson.BEAN, new FormToJson());
    registry.bind(JsonText.BEAN, new JsonText());
    QuickJq.functions().forEach(registry::bind);
  }

  /** Each event asks alone, and at once. */
  private static final class NoLimit implements CallBudget {

    @Override
    public Turn turn(Asker asker) {
      return Turn.of(Kind.ALONE);
    }

    @Override
    public CallAccount.Wait callBeside(int spare) {
      return null;
    }

    @Override
    public void heard(int status, Map<String, String> headers) {}

    @Override
    public void keep(Asker asker, boolean hasOwn, Map<String, byte[]> responses) {}
  }
}
