package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.proof.KeyTemplate;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.MalformedKeyException;
import io.surveygateway.proof.Proof;
import io.surveygateway.proof.Secrets;
import io.surveygateway.proof.Verdict.Proved;
import io.surveygateway.proof.Verdict.Refused;
import io.surveygateway.webhook.DeclaredCheck.NeededSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
 * everything. After it the exchange says what the proof was, its message has no header left, and
 * its body none of the proofs that this provider's checks look for in bodies. One instance serves
 * every thread.
 */
abstract class ProofCheck extends ServiceSupport implements Processor, CamelContextAware {

  private static final Pattern FROM_VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(:.*)?}");

  private final String kamelet;
  private @Nullable CamelContext camelContext;
  private String provider = "";
  private String key = "";
  private boolean alternative;
  private @Nullable Providers providers;
  private @Nullable Proof proof;
  private DeclaredCheck.@Nullable Uses uses;
  private String whyOff = "its check was never started";

  ProofCheck(String kamelet) {
    this.kamelet = kamelet;
  }

  /**
   * @throws MalformedKeyException if a key is none that such a proof could have
   * @throws IllegalArgumentException if a parameter is none
   */
  abstract Proof proof(Keys keys);

  /** A key of the right form, to judge the parameters by while there is none. */
  Keys anyKeys() {
    return Keys.of("any");
  }

  /** How the key is put together from settings. */
  KeyTemplate keyTemplate() {
    return KeyTemplate.parse(key);
  }

  @Override
  protected void doInit() {
    try {
      refuseStrayAmpersand();
      providers = single(Providers.class);
      var template = keyTemplate();
      var environment = single(Environment.class);
      var secrets = template.secrets(setting -> secrets(environment, setting));
      // Parameters are judged all the same: a slip in them must not wait for a secret to be seen.
      providers().provedAt(provider, proof(anyKeys()).places());
      if (secrets.values().stream().anyMatch(setting -> setting.lack().isPresent())) {
        switchOff(whatIsLacking(environment, secrets));
      } else {
        switchOn(template, secrets, environment);
      }
      declare(template, secrets, environment);
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

  private void switchOn(
      KeyTemplate template, Map<String, Secrets> secrets, Environment environment) {
    try {
      proof = proof(template.keys(secrets));
    } catch (MalformedKeyException e) {
      switchOff(
          "%s %s; set %s"
              .formatted(
                  String.join(" and ", secrets.keySet()),
                  e.getMessage(),
                  variables(environment, secrets.keySet())));
      return;
    }
    if (alternative) {
      providers().alternativeOn(provider);
    } else {
      providers().on(provider);
    }
  }

  /** So that an operator can ask this check what it makes of a request, and what it needs. */
  private void declare(
      KeyTemplate template, Map<String, Secrets> secrets, Environment environment) {
    uses = providers().usesOf(provider, kamelet, template.toString());
    var settings = new ArrayList<NeededSetting>();
    secrets.forEach(
        (name, found) ->
            settings.add(
                new NeededSetting(name, variable(environment, name), found.lack().orElse(null))));
    providers()
        .declare(
            provider,
            new DeclaredCheck(
                kamelet, alternative, proof, proof == null ? whyOff : null, settings, uses));
  }

  private void switchOff(String reason) {
    whyOff = reason;
    if (alternative) {
      providers().alternativeOff(provider, reason);
    } else {
      providers().off(provider, reason);
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
    ProofsInBody.leaveOut(exchange, providers(), provider);
    var by = ((Proved) verdict).by();
    if (uses != null) {
      providers().used(uses, by);
    }
    exchange.setProperty(InboxProperties.PROVED_BY, by);
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
    var lacking = new ArrayList<String>();
    secrets.forEach(
        (setting, found) ->
            found
                .lack()
                .ifPresent(
                    lack -> {
                      lacks.add(setting + " " + lack);
                      lacking.add(setting);
                    }));
    return String.join(", ", lacks) + "; set " + variables(environment, lacking);
  }

  private static String variables(Environment environment, Collection<String> settings) {
    return settings.stream()
        .map(setting -> variable(environment, setting))
        .distinct()
        .collect(Collectors.joining(" and "));
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

  private Providers providers() {
    return Objects.requireNonNull(providers, "Set before the check is used");
  }

  private CamelContext camel() {
    return Objects.requireNonNull(camelContext, "Camel gives itself before it starts a check");
  }

  final <T> T single(Class<T> type) {
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

  /**
   * Whether this is one of several checks of which one is enough: the provider is on once one of
   * them has its secret.
   */
  public final void setAlternative(boolean alternative) {
    this.alternative = alternative;
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
