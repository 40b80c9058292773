package io.surveygateway.lint;

import io.surveygateway.inbox.HtmlText;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.springframework.core.env.PropertyResolver;

/**
 * The lint without a gateway: for tests, and for a terminal. Knows no beans, so that it says
 * nothing of those that a route names.
 */
public final class OutsideLint implements AutoCloseable {

  private final CamelContext camel = new DefaultCamelContext();

  /**
   * @param settings what {@code {{…}}} in the routes stands for: {@code application.yaml}
   */
  public OutsideLint(PropertyResolver settings) {
    camel.disableJMX();
    camel.getRegistry().bind(HtmlText.BEAN, new HtmlText());
    camel.getPropertiesComponent().addPropertiesSource(new Settings(settings));
    camel.build();
  }

  public RoutesLint lint() {
    return new RoutesLint(camel, name -> true, LintConfiguration.OWN_ENDPOINTS);
  }

  @Override
  public void close() {
    camel.stop();
  }

  private record Settings(PropertyResolver settings) implements PropertiesSource {

    @Override
    public String getName() {
      return "application.yaml";
    }

    @Override
    public String getProperty(String name) {
      return settings.getProperty(name);
    }
  }
}
