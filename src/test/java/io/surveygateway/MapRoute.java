package io.surveygateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.inbox.KeptHeaders;
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
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
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
  private final Map<String, Object> headers = new HashMap<>();

  /**
   * @param more YAML beside the provider's own: route configurations that its routes name, say
   */
  MapRoute(String provider, Path routes, Map<String, Object> settings, String... more)
      throws Exception {
    if (!Files.exists(routes)) {
      throw new FileNotFoundException(routes.toString());
    }
    this.provider = provider;
    this.settings.putAll(settings);
    camel.getCamelContextExtension().setName("samples-of-" + provider);
    camel.disableJMX();
    // What a route throws is for the test to judge: no stack of it in the log.
    camel
        .getCamelContextExtension()
        .setErrorHandlerFactory(new DefaultErrorHandlerDefinition().logExhausted(false));
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
                .process(
                    e -> {
                      headers.putAll(e.getMessage().getHeaders());
                      routed.add(e.getMessage().getBody(JsonNode.class));
                    });
          }
        });
    var files = new ArrayList<Resource>();
    for (var yaml : more) {
      files.add(ResourceHelper.fromString("more-" + files.size() + ".camel.yaml", yaml));
    }
    files.add(PluginHelper.getResourceLoader(camel).resolveResource("file:" + routes));
    PluginHelper.getRoutesLoader(camel).loadRoutes(files);
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
    return map(body, path, contentType, Map.of());
  }

  /**
   * Runs one request through the route.
   *
   * @param kept headers that were kept with it
   * @return what it handed to the router, in that order
   * @throws Exception what the route threw
   */
  List<JsonNode> map(byte[] body, String path, String contentType, Map<String, String> kept)
      throws Exception {
    routed.clear();
    headers.clear();
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
                KeptHeaders.put(exchange, kept);
                exchange.setProperty(InboxProperties.RECEIVED_AT, RECEIVED_AT);
              });
      headers.putAll(done.getMessage().getHeaders());
      if (done.getException() != null) {
        throw done.getException();
      }
    }
    return List.copyOf(routed);
  }

  /** The headers of what was handed to the router in the last run, and of what was left at last. */
  Map<String, Object> headersLeft() {
    return Map.copyOf(headers);
  }

  /** Everything that Camel itself knows by an address: it is shown in logs and consoles. */
  List<String> endpoints() {
    return camel.getEndpoints().stream().map(Endpoint::getEndpointUri).toList();
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
      // Each provider has a consumer of its own, and direct: goes by the address alone.
      var suffix = parameters.containsKey("provider") ? "-" + parameters.get("provider") : "";
      parameters.clear();
      return super.createEndpoint(
          uri.replaceFirst("[?].*", "") + suffix, remaining + suffix, parameters);
    }

    private void mandatoryBean(String name, String uri) {
      if (getCamelContext().getRegistry().lookupByName(name) == null) {
        throw new IllegalStateException(
            "Expected a bean " + name + " for " + uri + ": add it to MapRouteBeans");
      }
    }
  }
}
