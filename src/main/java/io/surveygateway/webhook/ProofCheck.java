package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.proof.KeyTemplate;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.Proof;
import io.surveygateway.proof.Secrets;
import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Lets a request go on only if a {@link Proof} holds; the step that the check kamelets share.
 *
 * <p>A kamelet makes one for each route that uses it, sets its parameters, and Camel starts it with
 * the route. It then says in {@link Providers} whether it has its secret; without one it refuses
 * everything. After it the exchange says what the proof was, and its message has no header left. It
 * changes no body, and one instance serves every thread.
 */
abstract class ProofCheck extends ServiceSupport implements Processor, CamelContextAware {

  private static final Pattern FROM_VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(:.*)?}");

  private final String kamelet;
  private @Nullable CamelContext camelContext;
  private String provider = "";
  private String key = "";
  private @Nullable Proof proof;
  private String whyOff = "its check was never started";

  ProofCheck(String kamelet) {
    this.kamelet = kamelet;
  }

  /**
   * @throws IllegalArgumentException if a parameter is none that such a proof could have
   */
  abstract Proof proof(Keys keys);

  @Override
  protected void doInit() {
    try {
      refuseStrayAmpersand();
      var template = KeyTemplate.parse(key);
      var environment = single(Environment.class);
      var secrets = template.secrets(setting -> secrets(environment, setting));
      if (secrets.values().stream().anyMatch(setting -> setting.lack().isPresent())) {
        // Parameters are judged all the same: a slip in them must not wait for a secret to be seen.
        proof(Keys.of("any"));
        whyOff = whatIsLacking(environment, secrets);
        single(Providers.class).off(provider, whyOff);
      } else {
        proof = proof(template.keys(secrets));
        single(Providers.class).on(provider);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          e.getMessage()
              + ", in kamelet:"
              + kamelet
              + " of provider "
              + provider
              + "; correct that parameter in the provider's route");
    }
  }

  @Override
  public void process(Exchange exchange) {
    var request = WebhookRequest.of(exchange);
    // First, so that none is left for an answer of refusal either: the proof reads the request.
    exchange.getMessage().removeHeaders("*");
    if (proof == null) {
      throw new ProofRefusedException(provider + " is switched off: " + whyOff);
    }
    var verdict = proof.judge(request);
    if (verdict instanceof Refused refused) {
      throw new ProofRefusedException(refused.reason());
    }
    exchange.setProperty(InboxProperties.PROVED_BY, ((Proved) verdict).by());
  }

  /**
   * Camel cuts a parameter at an ampersand, without a word. What is left of {@code {id}&{secret}}
   * would be the id, which the provider sends to everyone, and anyone could sign with it.
   */
  private void refuseStrayAmpersand() {
    var route = camel().getCamelContextExtension().getCreateRoute();
    var definition =
        camel() instanceof ModelCamelContext context && route != null
            ? context.getRouteDefinition(route)
            : null;
    if (definition != null
        && definition.getTemplateParameters() != null
        && definition.getTemplateParameters().keySet().stream().anyMatch(n -> n.contains("{"))) {
      throw new IllegalArgumentException(
          "Expected a key with an ampersand to be written RAW({one.setting}&{another.setting}), got"
              + " one that Camel has cut in two");
    }
  }

  /** Straight from Spring: Camel's own look-up would take braces in a secret for a placeholder. */
  private static Secrets secrets(Environment environment, String setting) {
    try {
      return Secrets.of(environment.getProperty(setting));
    } catch (IllegalArgumentException e) {
      // Spring's words for a placeholder that nothing fills in quote the value: leave them out.
      return Secrets.unfilled();
    }
  }

  private static String whatIsLacking(Environment environment, Map<String, Secrets> secrets) {
    var lacks = new ArrayList<String>();
    var variables = new LinkedHashSet<String>();
    secrets.forEach(
        (setting, found) ->
            found
                .lack()
                .ifPresent(
                    lack -> {
                      lacks.add(setting + " " + lack);
                      variables.add(variable(environment, setting));
                    }));
    return String.join(", ", lacks) + "; set " + String.join(" and ", variables);
  }

  /** The environment variable that fills a setting: the one application.yaml names, or Spring's. */
  private static String variable(Environment environment, String setting) {
    if (environment instanceof ConfigurableEnvironment configurable) {
      for (var source : configurable.getPropertySources()) {
        if (source.getProperty(setting) instanceof CharSequence raw) {
          var named = FROM_VARIABLE.matcher(raw.toString().strip());
          if (named.matches()) {
            return named.group(1);
          }
        }
      }
    }
    return setting.replace("-", "").replaceAll("[^A-Za-z0-9]+", "_").toUpperCase(Locale.ROOT);
  }

  private CamelContext camel() {
    return Objects.requireNonNull(camelContext, "Camel gives itself before it starts a check");
  }

  private <T> T single(Class<T> type) {
    var found = camel().getRegistry().findSingleByType(type);
    if (found == null) {
      throw new IllegalStateException(
          "Expected one " + type.getSimpleName() + " in Camel's registry, found none or several");
    }
    return found;
  }

  /** Name of the provider in paths, as {@code kamelet:webhook-source} declares it. */
  public final void setProvider(String provider) {
    this.provider = provider;
  }

  /** See {@link KeyTemplate}. */
  public final void setKey(String key) {
    this.key = key;
  }

  @Override
  public final void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public final @Nullable CamelContext getCamelContext() {
    return camelContext;
  }
}
