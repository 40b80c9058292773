package io.surveygateway.webhook;

import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.language.ConstantExpression;

/**
 * Tells whether a receiving route has none but steps that wait for nothing: checks, {@code doTry}
 * round them, and {@code inbox:}, which waits for the disk and holds no thread meanwhile; and in
 * its policy for refusals no more than their answers.
 *
 * <p>Such a route may run on the event loop. Any other step may wait for who knows what, and so
 * would everyone else there.
 */
final class QuickRoute {

  private static final Set<String> CHECKS =
      Set.of(
          "kamelet:check-basic",
          "kamelet:check-bearer",
          "kamelet:check-hmac",
          "kamelet:check-nothing",
          "kamelet:check-shared-key",
          "kamelet:check-standard-webhook");

  /** {@link WebhookRefusal}, by the name of its bean. */
  private static final String REFUSAL = "webhookRefusal";

  private QuickRoute() {}

  static boolean is(CamelContext camel, String route) {
    var definition =
        camel instanceof ModelCamelContext context ? context.getRouteDefinition(route) : null;
    return definition != null && areQuick(definition.getOutputs());
  }

  private static boolean areQuick(List<ProcessorDefinition<?>> steps) {
    return steps.stream().allMatch(QuickRoute::isQuick);
  }

  private static boolean isQuick(ProcessorDefinition<?> step) {
    if (step instanceof ToDefinition to) {
      var uri = to.getUri();
      return uri.startsWith("inbox:") || CHECKS.contains(uri.split("\\?", 2)[0]);
    }
    if (step instanceof SetHeaderDefinition header) {
      return header.getExpression() instanceof ConstantExpression;
    }
    if (step instanceof ProcessDefinition process) {
      return REFUSAL.equals(process.getRef());
    }
    return (step instanceof TryDefinition
            || step instanceof CatchDefinition
            || step instanceof OnExceptionDefinition)
        && areQuick(step.getOutputs());
  }
}
