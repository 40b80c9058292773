package io.surveygateway.warehouse;

import io.surveygateway.failure.FailureClassifier;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectComponent;
import org.jspecify.annotations.Nullable;

/** A {@code direct:} that knows the outbox's options. */
final class OutboxStandIn extends DirectComponent {

  private @Nullable FailureClassifier errors;

  /** Who knows the route's errors, as the route says. */
  @Nullable FailureClassifier errors() {
    return errors;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var given = resolveAndRemoveReferenceParameter(parameters, "errors", FailureClassifier.class);
    errors = given == null ? errors : given;
    parameters.remove("batchSize");
    return super.createEndpoint(uri, remaining, parameters);
  }
}
