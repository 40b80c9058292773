package io.surveygateway.browser;

import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link Console} of a run, and holds that the browser has nothing to complain
 * of in any of them.
 *
 * <p>Where the machine has no Chromium they are skipped, and one line says so; not in CI (variable
 * {@code CI}, or system property {@code browser.required}), where they fail.
 */
final class WithConsole
    implements ExecutionCondition, ParameterResolver, BeforeEachCallback, AfterEachCallback {

  private static final Namespace OURS = Namespace.create(WithConsole.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var environment = System.getenv();
    if (Chromium.find(environment).isPresent() || isRequired(environment)) {
      return ConditionEvaluationResult.enabled("A browser, or a failure that says so");
    }
    context
        .getRoot()
        .getStore(OURS)
        .getOrComputeIfAbsent(
            "said",
            any -> {
              System.out.println(
                  "\n*** SKIPPED: the console is not tested in a browser. "
                      + Chromium.HOW_TO_GET_IT
                      + " ***\n");
              return true;
            });
    return ConditionEvaluationResult.disabled(Chromium.HOW_TO_GET_IT);
  }

  /** Where a check that was left out must not look like one that passed. */
  static boolean isRequired(Map<String, String> environment) {
    return environment.getOrDefault("CI", "").equals("true")
        || Boolean.getBoolean("browser.required");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Console.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return console(context);
  }

  private static Console console(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(OURS)
        .getOrComputeIfAbsent(
            Console.class,
            any ->
                new Console(
                    Chromium.find(System.getenv())
                        .orElseThrow(() -> new IllegalStateException(Chromium.HOW_TO_GET_IT))),
            Console.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    console(context).person.startsAnew();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    var person = console(context).person;
    if (context.getExecutionException().isPresent()) {
      person.leavesAPicture(context.getRequiredTestMethod().getName());
    } else {
      person.sawNothingWrong();
    }
  }
}
