package io.surveygateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code routes/router.camel.yaml}, as shipped: which event goes to which outbox. */
class RouterRouteTest {

  private final CamelContext camel = new DefaultCamelContext();
  private final List<String> steps = new ArrayList<>();

  /** Notes who was sent to, in place of an outbox. */
  private final class OutboxStub extends DirectComponent {
    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
        throws Exception {
      var endpoint = super.createEndpoint(uri, remaining, parameters);
      var consumer = endpoint.createConsumer(exchange -> steps.add(remaining));
      consumer.start();
      return endpoint;
    }
  }

  @BeforeEach
  void start() throws Exception {
    camel.addComponent("outbox", new OutboxStub());
    camel.getRegistry().bind("keepEvent", (Processor) exchange -> steps.add("kept"));
    var file = Path.of("routes/router.camel.yaml");
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromBytes("file:" + file, Files.readAllBytes(file)));
    camel.start();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private List<String> route(String type) {
    var event = JsonNodeFactory.instance.objectNode().put("type", type);
    try (var template = camel.createProducerTemplate()) {
      template.sendBody("direct:router", event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return steps;
  }

  @ParameterizedTest
  @ValueSource(strings = "survey.response.completed")
  void tellsEveryoneOfACompletedResponse(String type) {
    assertThat(route(type)).containsExactly("kept", "database", "salesforce", "slack");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "survey.response.updated",
        "survey.response.disqualified",
        "survey.response.over_quota",
        "survey.response.deleted"
      })
  void bringsAChangeToTheDatabaseAndSalesforce(String type) {
    assertThat(route(type)).containsExactly("kept", "database", "salesforce");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "survey.response.started",
        "survey.collector.created",
        "survey.collector.updated",
        "survey.collector.deleted",
        "survey.created",
        "survey.updated",
        "survey.deleted",
        "survey.unknown"
      })
  void keepsTheRestAndSendsItNowhere(String type) {
    assertThat(route(type)).containsExactly("kept");
  }
}
