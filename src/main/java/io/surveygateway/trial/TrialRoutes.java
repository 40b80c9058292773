package io.surveygateway.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.inbox.TrialInbox;
import io.surveygateway.outbox.TrialOutbox;
import io.surveygateway.store.InboxStore.ClaimedRequest;
import io.surveygateway.store.StepResult;
import io.surveygateway.trial.Trial.Answers;
import io.surveygateway.trial.Tried.Delivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultComponentResolver;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.PropertyResolver;

/**
 * The routes of one provider, the router and the destinations, as their YAML files say now, in a
 * Camel context of their own that reaches nothing outside.
 *
 * <p>{@code inbox:} and {@code outbox:} are those of a trial; whatever is no step within the
 * process is stood in for by {@link StubComponent}, so that a component that nobody thought of
 * sends nothing either. Routes that begin elsewhere, at the public port above all, are left out.
 * For one thread.
 */
final class TrialRoutes implements AutoCloseable {

  /** Components that do not leave the process, and keep nothing. */
  private static final Set<String> WITHIN =
      Set.of("direct", "log", "bean", "class", "language", "dataformat", "validator", "xslt");

  private static final Set<String> STARTS = Set.of("inbox", "outbox", "direct");

  private final CamelContext camel;
  private final TrialInbox inbox;
  private final TrialOutbox outbox = new TrialOutbox();
  private final RouteFiles files;
  private @Nullable Notes notes;
  private boolean isMappingRead;

  /**
   * @param gateway whose beans routes name
   * @param mapping takes the place of the provider's jq file, or null
   * @throws Exception what Camel says of routes that it cannot build
   */
  TrialRoutes(
      RouteFiles files,
      ListableBeanFactory gateway,
      PropertyResolver settings,
      Clock clock,
      @Nullable String mapping)
      throws Exception {
    this.files = files;
    this.inbox = new TrialInbox(clock);
    var beans = new TrialBeans(gateway, this::notes, clock);
    camel = new DefaultCamelContext(new DefaultRegistry(beans));
    try {
      build(settings, mapping);
      if (mapping != null && !isMappingRead) {
        throw new TrialException(
            TrialException.Kind.MISTAKE,
            "Expected the provider's route to name " + files.mapping() + ", and it does not");
      }
    } catch (Exception | Error e) {
      camel.stop();
      throw e;
    }
  }

  private void build(PropertyResolver settings, @Nullable String mapping) throws Exception {
    camel.disableJMX();
    camel.setSourceLocationEnabled(true);
    camel.setStartupSummaryLevel(StartupSummaryLevel.Off);
    camel.getShutdownStrategy().setTimeout(1);
    camel.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
    var extension = camel.getCamelContextExtension();
    extension.setName("try-" + files.provider());
    extension.setErrorHandlerFactory(new DefaultErrorHandlerDefinition().logExhausted(false));
    extension.addInterceptStrategy(new Steps(this::notes));
    extension.addContextPlugin(ComponentResolver.class, this::component);
    if (mapping != null) {
      extension.addContextPlugin(
          ResourceLoader.class, new WithMapping(PluginHelper.getResourceLoader(camel), mapping));
    }
    camel.getPropertiesComponent().addPropertiesSource(new Settings(settings));
    camel.addComponent("inbox", inbox);
    camel.addComponent("outbox", outbox);
    var kamelets = new KameletComponent();
    kamelets.setLocation("file:" + files.kamelets());
    kamelets.setNoErrorHandler(true);
    camel.addComponent("kamelet", kamelets);
    load();
    camel.start();
  }

  private Component component(String scheme, CamelContext context) throws Exception {
    return WITHIN.contains(scheme)
        ? new DefaultComponentResolver().resolveComponent(scheme, context)
        : new StubComponent(scheme, this::notes);
  }

  private void load() throws Exception {
    var resources = new ArrayList<Resource>();
    for (var file : files.all()) {
      resources.add(ResourceHelper.fromBytes("file:" + file, Files.readAllBytes(file)));
    }
    var builders = PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resources);
    for (var builder : builders) {
      if (builder instanceof RouteBuilder routes) {
        routes.addLifecycleInterceptor(new OnlyTheWay());
      }
      if (builder instanceof RouteConfigurationsBuilder policies) {
        policies.addRouteConfigurationsToCamelContext(camel);
      }
    }
    for (RoutesBuilder builder : builders) {
      builder.addRoutesToCamelContext(camel);
    }
    for (RoutesBuilder builder : builders) {
      builder.addTemplatedRoutesToCamelContext(camel);
    }
  }

  private Notes notes() {
    return Objects.requireNonNull(notes, "no trial runs");
  }

  /** Whether a route maps this provider's requests. */
  boolean maps(String provider) {
    return inbox.maps(provider);
  }

  /** Runs the provider's map route and the router. */
  StepResult map(ClaimedRequest request, Notes notes) {
    this.notes = notes;
    return inbox.map(request);
  }

  /**
   * Runs the destination's route with this event alone.
   *
   * @param event JSON, as it would be in the store
   */
  Delivery deliver(String destination, String event, @Nullable String offBecause, Notes notes) {
    this.notes = notes;
    notes.startDelivering();
    notes.takeLastFailed();
    var failure = outbox.deliver(destination, read(event));
    return new Delivery(
        destination,
        offBecause,
        failure == null ? null : failure.reason(),
        failure == null ? null : Steps.placeOf(notes.takeLastFailed()),
        notes.takeCalls());
  }

  static JsonNode read(String event) {
    try {
      return SurveyJson.mapper().readTree(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was written as JSON can be read", e);
    }
  }

  CamelContext camel() {
    return camel;
  }

  @Override
  public void close() {
    camel.stop();
  }

  /** Drops routes that begin where a trial does not. */
  private static final class OnlyTheWay implements RouteBuilderLifecycleStrategy {

    @Override
    public void afterConfigure(RouteBuilder builder) {
      builder
          .getRouteCollection()
          .getRoutes()
          .removeIf(
              route ->
                  route.getInput() == null
                      || !STARTS.contains(
                          String.valueOf(route.getInput().getEndpointUri())
                              .replaceFirst(":.*", "")));
    }
  }

  /** Hands out the mapping that is tried in place of the file. */
  private final class WithMapping extends org.apache.camel.support.service.ServiceSupport
      implements ResourceLoader {

    private final ResourceLoader files;
    private final String mapping;

    WithMapping(ResourceLoader files, String mapping) {
      this.files = files;
      this.mapping = mapping;
    }

    @Override
    public Resource resolveResource(String uri) {
      if (Path.of(uri.replaceFirst("^file:", "")).endsWith(TrialRoutes.this.files.mappingName())) {
        isMappingRead = true;
        return ResourceHelper.fromBytes(uri, mapping.getBytes(UTF_8));
      }
      return files.resolveResource(uri);
    }

    @Override
    public CamelContext getCamelContext() {
      return camel;
    }

    @Override
    public void setCamelContext(CamelContext context) {
      // Known already.
    }
  }

  /** The gateway's; the provider's API is there, and has a token, as far as the trial says. */
  private final class Settings implements PropertiesSource {

    private final PropertyResolver settings;
    private final String ofApi = "gateway.providers." + files.provider() + ".";

    Settings(PropertyResolver settings) {
      this.settings = settings;
    }

    @Override
    public String getName() {
      return "gateway";
    }

    @Override
    public @Nullable String getProperty(String name) {
      var running = notes;
      if (running == null || !name.startsWith(ofApi)) {
        return settings.getProperty(name);
      }
      if (name.equals(ofApi + "api-url") && running.answers() == Answers.GIVEN) {
        return "https://given.invalid";
      }
      if (!name.equals(ofApi + "access-token")) {
        return settings.getProperty(name);
      }
      return switch (running.answers()) {
        case FETCHED -> settings.getProperty(name);
        case GIVEN -> "given";
        case NONE -> running.hasToken() ? "none" : "";
      };
    }
  }
}
