package io.surveygateway;

import io.surveygateway.event.SurveyJson;
import io.surveygateway.inbox.FormToJson;
import io.surveygateway.inbox.HtmlText;
import io.surveygateway.inbox.JsonText;
import io.surveygateway.inbox.XmlToJson;
import io.surveygateway.surveymonkey.SurveyMonkeyAnswer;
import io.surveygateway.surveymonkey.SurveyMonkeyErrors;
import io.surveygateway.surveymonkey.SurveyMonkeyHttp;
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
    registry.bind("surveyMonkeyErrors", new SurveyMonkeyErrors());
    registry.bind("surveyMonkeyHttp", new SurveyMonkeyHttp());
    registry.bind("surveyMonkeyAnswer", new SurveyMonkeyAnswer(SurveyJson.mapper()));
    registry.bind(XmlToJson.BEAN, new XmlToJson());
    registry.bind(FormToJson.BEAN, new FormToJson());
    registry.bind(JsonText.BEAN, new JsonText());
  }
}
