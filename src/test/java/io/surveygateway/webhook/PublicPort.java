package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.store.RefusalLog;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;

/**
 * The public port with the kamelet and the refusals as shipped, and a stub where a provider's check
 * and inbox are.
 */
final class PublicPort implements AutoCloseable {

  static final long PATIENCE_SECONDS = 20;

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final Providers providers = new Providers();
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
  private final BlockingQueue<Refused> refused = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answered> answered = new LinkedBlockingQueue<>();
  private final WebhookProperties properties;
  private final WebhookServer server;
  private volatile Processor check = exchange -> {};

  /** What the step after the kamelet saw. */
  record Seen(
      String route, byte[] body, Map<String, Object> headers, Map<String, Object> properties) {

    static Seen of(Exchange exchange) {
      return new Seen(
          exchange.getFromRouteId(),
          exchange.getMessage().getBody(byte[].class),
          new TreeMap<>(exchange.getMessage().getHeaders()),
          new TreeMap<>(exchange.getAllProperties()));
    }

    String text() {
      return new String(body, UTF_8);
    }

    WebhookRequest request() {
      return (WebhookRequest) properties.get(WebhookRequest.PROPERTY);
    }

    String path() {
      return (String) properties.get(InboxProperties.PATH);
    }
  }

  /** What operators were told. */
  record Refused(String provider, String path, int status, String cause) {}

  /** How long a sender waited. */
  record Answered(String provider, int status, long nanos) {}

  private PublicPort(WebhookProperties properties) {
    this.properties = properties;
    RefusalLog log =
        (provider, path, status, cause) -> refused.add(new Refused(provider, path, status, cause));
    server =
        new WebhookServer(
            properties,
            providers,
            log,
            (provider, status, nanos) -> answered.add(new Answered(provider, status, nanos)));
    camel.getRegistry().bind("providers", providers);
    camel.getRegistry().bind("webhookRefusal", new WebhookRefusal(log));
  }

  /** With one provider, popsee, which is on once it has started. */
  static PublicPort prepare(WebhookProperties properties) {
    return new PublicPort(properties);
  }

  static PublicPort open(WebhookProperties properties) throws Exception {
    var port = prepare(properties);
    try {
      port.start();
    } catch (Exception e) {
      port.close();
      throw e;
    }
    return port;
  }

  static PublicPort open() throws Exception {
    return open(properties());
  }

  static WebhookProperties properties() {
    return with(settings -> settings);
  }

  static WebhookProperties with(UnaryOperator<Settings> change) {
    return change.apply(new Settings()).toProperties();
  }

  /** {@link WebhookProperties} as a test bends them. */
  static final class Settings {

    private int port;
    private DataSize maxBody = DataSize.ofMegabytes(8);
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration stopTimeout = Duration.ofSeconds(20);
    private DataSize maxBuffered = DataSize.ofMegabytes(64);
    private int maxConnections = 100;

    Settings port(int port) {
      this.port = port;
      return this;
    }

    Settings maxBody(DataSize maxBody) {
      this.maxBody = maxBody;
      return this;
    }

    Settings requestTimeout(Duration requestTimeout) {
      this.requestTimeout = requestTimeout;
      return this;
    }

    Settings idleTimeout(Duration idleTimeout) {
      this.idleTimeout = idleTimeout;
      return this;
    }

    Settings stopTimeout(Duration stopTimeout) {
      this.stopTimeout = stopTimeout;
      return this;
    }

    Settings maxBuffered(DataSize maxBuffered) {
      this.maxBuffered = maxBuffered;
      return this;
    }

    Settings maxConnections(int maxConnections) {
      this.maxConnections = maxConnections;
      return this;
    }

    private WebhookProperties toProperties() {
      return new WebhookProperties(
          port,
          "127.0.0.1",
          maxBody,
          requestTimeout,
          idleTimeout,
          stopTimeout,
          8,
          maxBuffered,
          maxConnections);
    }
  }

  /** What checks find their secrets in and tell the time by. */
  PublicPort with(Clock clock, Map<String, Object> settings) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("application.yaml", settings));
    camel.getRegistry().bind("environment", environment);
    camel.getRegistry().bind("clock", clock);
    return this;
  }

  PublicPort withRoutePolicy(RoutePolicy policy) {
    camel.addRoutePolicyFactory((context, routeId, route) -> policy);
    return this;
  }

  void start() throws Exception {
    var settings = new Properties();
    settings.setProperty("gateway.webhook.max-body", properties.maxBody().toBytes() + "B");
    camel.getPropertiesComponent().setInitialProperties(settings);
    var kamelets = new KameletComponent();
    kamelets.setLocation("file:routes/kamelets");
    kamelets.setNoErrorHandler(true); // as in application.yaml
    camel.addComponent("kamelet", kamelets);
    server.attachTo(camel);
    load("routes/refusals.camel.yaml");
    camel.getRegistry().bind("check", (Processor) this::check);
    receive("popsee", "");
    camel.start();
    switchOn("popsee");
  }

  private void load(String file) throws Exception {
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.resolveMandatoryResource(camel, "file:" + file));
  }

  /** Adds a provider's receiving route, in the words of a provider's file. */
  PublicPort receive(String provider, String parameters) throws Exception {
    return receive(provider, parameters, "routeConfigurationId: refuse-webhook");
  }

  /** Adds one that says nothing of what becomes of errors. */
  PublicPort receiveWithoutPolicy(String provider) throws Exception {
    return receive(provider, "", "");
  }

  private PublicPort receive(String provider, String parameters, String policy) throws Exception {
    return receive(provider, parameters, policy, "");
  }

  /**
   * Adds one with checks before the recording.
   *
   * @param checks steps, in the words of a provider's file
   */
  PublicPort receiveChecked(String provider, String parameters, String checks) throws Exception {
    return receive(provider, parameters, "routeConfigurationId: refuse-webhook", checks);
  }

  private PublicPort receive(String provider, String parameters, String policy, String checks)
      throws Exception {
    var yaml =
        """
        - route:
            id: %1$s-receive
            %3$s
            from:
              uri: kamelet:webhook-source
              parameters:
                provider: %1$s
                %2$s
              steps:
        %4$s        - process:
                    ref: check
        """
            .formatted(provider, parameters, policy, checks.stripIndent().indent(8));
    PluginHelper.getRoutesLoader(camel)
        .loadRoutes(ResourceHelper.fromString(provider + ".camel.yaml", yaml));
    return this;
  }

  PublicPort switchOn(String provider) {
    providers.on(provider);
    return this;
  }

  /** What stands where a provider's check and inbox are; it comes after the recording. */
  PublicPort check(Processor check) {
    this.check = check;
    return this;
  }

  private void check(Exchange exchange) throws Exception {
    seen.add(Seen.of(exchange));
    check.process(exchange);
  }

  RawClient connect() {
    return new RawClient(server.port());
  }

  /** The next request that came to the step after the kamelet. */
  Seen seen() throws InterruptedException {
    var next = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("No request came to the route");
    }
    return next;
  }

  /** Whether nothing came to the route, as far as can be said now. */
  boolean sawNothing() {
    return seen.isEmpty();
  }

  /** The next of those who were told how long they waited; null if none is within patience. */
  Answered nextAnswered() throws InterruptedException {
    return answered.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  BlockingQueue<Answered> answered() {
    return answered;
  }

  BlockingQueue<Refused> refused() {
    return refused;
  }

  Providers providers() {
    return providers;
  }

  WebhookServer server() {
    return server;
  }

  CamelContext camel() {
    return camel;
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    camel.stop();
    server.close();
  }
}
