package io.surveygateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.inbox.InboxProperties;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.PluginHelper;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.FileSystemResource;

/**
 * The map route of one provider, run as its YAML file says, in a plain Camel context: from the
 * stored bytes to what it hands the router.
 *
 * <p>{@code inbox:} and {@code kamelet:} are stood in for by {@code direct:}, the router by a list.
 * Settings are those of {@code application.yaml} without any environment variable, save what a test
 * {@link #set}s. There is no {@code routeConfiguration}: what a route throws comes out here.
 */
final class MapRoute implements AutoCloseable {

  /** When every request was received, as far as these tests go. */
  static final String RECEIVED_AT = "2026-03-02T10:00:00Z";

  private final String provider;
  private final Map<String, Object> settings = new ConcurrentHashMap<>();
  private final CamelContext camel = new DefaultCamelContext();
  private final List<JsonNode> routed = new ArrayList<>();

  MapRoute(String provider, Path routes, Map<String, Object> settings) throws Exception {
    if (!Files.exists(routes)) {
      throw new FileNotFoundException(routes.toString());
    }
    this.provider = provider;
    this.settings.putAll(settings);
    camel.getCamelContextExtension().setName("samples-of-" + provider);
    camel.disableJMX();
    camel.getPropertiesComponent().addPropertiesSource(settingsOf(this.settings));
    MapRouteBeans.bindTo(camel.getRegistry());
    camel.addComponent("inbox", new DirectStandIn());
    camel.addComponent("kamelet", new DirectStandIn());
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:router")
                .errorHandler(noErrorHandler())
                .process(e -> routed.add(e.getMessage().getBody(JsonNode.class)));
          }
        });
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(PluginHelper.getResourceLoader(camel).resolveResource("file:" + routes));
    camel.start();
    if (camel.getRoute(provider + "-map") == null) {
      throw new IllegalStateException(
          "Expected a route " + provider + "-map in " + routes + ", and there is none");
    }
  }

  /** Changes a setting that the route reads while it runs. */
  void set(String setting, String value) {
    settings.put(setting, value);
  }

  /**
   * Runs one request through the route.
   *
   * @return what it handed to the router, in that order
   * @throws Exception what the route threw
   */
  List<JsonNode> map(byte[] body, String path, String contentType) throws Exception {
    routed.clear();
    try (var template = camel.createProducerTemplate()) {
      var done =
          template.send(
              "inbox:" + provider,
              exchange -> {
                exchange.getMessage().setBody(body);
                exchange.setProperty(InboxProperties.PROVIDER, provider);
                exchange.setProperty(InboxProperties.PATH, path);
                exchange.setProperty(InboxProperties.CONTENT_TYPE, contentType);
                exchange.setProperty(InboxProperties.REQUEST_ID, 1L);
                exchange.setProperty(InboxProperties.RECEIVED_AT, RECEIVED_AT);
              });
      if (done.getException() != null) {
        throw done.getException();
      }
    }
    return List.copyOf(routed);
  }

  /** Adds a route or route configuration of the test's own, as YAML. */
  void add(String yaml) throws Exception {
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(org.apache.camel.support.ResourceHelper.fromString("test.camel.yaml", yaml));
  }

  @Override
  public void close() {
    camel.stop();
  }

  private static PropertiesSource settingsOf(Map<String, Object> overrides) {
    var yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new FileSystemResource("application.yaml"));
    var sources = new MutablePropertySources();
    sources.addLast(new MapPropertySource("test", overrides));
    sources.addLast(new PropertiesPropertySource("application.yaml", yaml.getObject()));
    var resolver = new PropertySourcesPropertyResolver(sources);
    return new PropertiesSource() {
      @Override
      public String getName() {
        return "application.yaml";
      }

      @Override
      public String getProperty(String name) {
        return resolver.getProperty(name);
      }
    };
  }

  /** {@code direct:} under another component's name, blind to that one's options. */
  private static final class DirectStandIn extends DirectComponent {

    DirectStandIn() {
      // Camel would configure it as the component whose name it bears.
      setAutowiredEnabled(false);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
        throws Exception {
      for (var option : new HashMap<>(parameters).entrySet()) {
        if (option.getValue() instanceof String value && value.startsWith("#")) {
          mandatoryBean(value.substring(1), uri);
        }
      }
      parameters.clear();
      return super.createEndpoint(uri, remaining, parameters);
    }

    private void mandatoryBean(String name, String uri) {
      if (getCamelContext().getRegistry().lookupByName(name) == null) {
        throw new IllegalStateException(
            "Expected a bean " + name + " for " + uri + ": add it to MapRouteBeans");
      }
    }
  }

  /** The root of what {@link Exchange} threw, for a test that looks at it. */
  static Throwable rootOf(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
