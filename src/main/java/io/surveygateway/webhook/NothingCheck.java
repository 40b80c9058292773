package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets every request go on, and says everywhere that it does; the step of {@code
 * kamelet:check-nothing}, for a provider that sends no proof at all.
 *
 * <p>One instance serves every thread.
 */
public final class NothingCheck extends ServiceSupport implements Processor, CamelContextAware {

  private static final int SHORTEST_REASON = 10;
  private static final int LONGEST_REASON = 200;

  private @Nullable CamelContext camelContext;
  private String provider = "";
  private String because = "";
  private @Nullable Providers providers;

  @Override
  protected void doInit() {
    var camel = Objects.requireNonNull(camelContext, "Camel gives itself before it starts a check");
    var reason = because.strip();
    if (reason.length() < SHORTEST_REASON || reason.length() > LONGEST_REASON) {
      throw new IllegalArgumentException(
          ("Expected because to say in %d to %d characters why nothing is checked, got %d, in"
                  + " kamelet:check-nothing of provider %s; correct that parameter in the"
                  + " provider's route")
              .formatted(SHORTEST_REASON, LONGEST_REASON, reason.length(), provider));
    }
    providers = camel.getRegistry().findSingleByType(Providers.class);
    if (providers == null) {
      throw new IllegalStateException("Expected one bean of class Providers, and there is none");
    }
    providers.open(provider, reason);
    providers.declare(
        provider,
        new DeclaredCheck("check-nothing", true, null, null, List.of(), new DeclaredCheck.Uses()));
  }

  @Override
  public void process(Exchange exchange) {
    exchange.getMessage().removeHeaders("*");
    ProofsInBody.leaveOut(exchange, Objects.requireNonNull(providers), provider);
    exchange.setProperty(InboxProperties.PROVED_BY, "nothing, it is open");
  }

  /** Name of the provider in paths, as {@code kamelet:webhook-source} declares it. */
  public void setProvider(String provider) {
    this.provider = provider;
  }

  /** Why nobody can do better, for those who run the gateway. */
  public void setBecause(String because) {
    this.because = because;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public @Nullable CamelContext getCamelContext() {
    return camelContext;
  }
}
