package io.surveygateway.surveymonkey;

import io.surveygateway.inbox.CarefulHttp;
import java.util.HashMap;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.springframework.stereotype.Component;

/**
 * The HTTP client that asks SurveyMonkey's API: as careful as any ({@link CarefulHttp}), and what
 * an answer's headers say of the API's limits is told to the {@link CallBudget}, whatever the route
 * makes of it.
 */
@Component("surveyMonkeyHttp")
public final class SurveyMonkeyHttp implements HttpClientConfigurer {

  private final CarefulHttp careful = new CarefulHttp();
  private final CallBudget budget;

  public SurveyMonkeyHttp(CallBudget budget) {
    this.budget = budget;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    careful.configureHttpClient(builder);
    // Before its own: an answer that is refused for its size has headers too.
    builder.addResponseInterceptorFirst(this::hear);
  }

  private void hear(HttpResponse response, EntityDetails details, HttpContext context) {
    var headers = new HashMap<String, String>();
    for (var header : response.getHeaders()) {
      headers.putIfAbsent(header.getName(), header.getValue());
    }
    budget.heard(response.getCode(), headers);
  }
}
