package io.surveygateway;

import io.surveygateway.event.SurveyJson;
import io.surveygateway.inbox.HtmlText;
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
  }
}
