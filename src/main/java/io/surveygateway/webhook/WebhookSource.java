package io.surveygateway.webhook;

import io.surveygateway.inbox.InboxProperties;
import io.surveygateway.inbox.KeptHeaders;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * First step of {@code kamelet:webhook-source}: makes the provider known when its route is built,
 * and gives each exchange the raw body and what the inbox keeps beside it.
 *
 * <p>Puts no header on the message. One instance serves every thread.
 */
public final class WebhookSource extends ServiceSupport implements Processor, CamelContextAware {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern NAME_OF_HEADER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");
  private static final int MOST_PATHS = 16;
  private static final Set<String> SECRET_HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");
  private static final long LARGEST = DataSize.ofGigabytes(1).toBytes();

  private @Nullable CamelContext camelContext;
  private String provider = "";
  private String maxBody = "";
  private String keepHeaders = "";
  private String paths = "";
  private List<String> kept = List.of();

  @Override
  protected void doInit() {
    var providers = camelContext.getRegistry().findSingleByType(Providers.class);
    if (providers == null) {
      throw new IllegalStateException("Expected one bean of class Providers, and there is none");
    }
    if (!NAME.matcher(provider).matches()) {
      throw new IllegalArgumentException(
          "Expected parameter provider of kamelet:webhook-source to be lower-case letters, digits"
              + " and hyphens, got "
              + provider);
    }
    providers.declare(provider, bytes());
    providers.keepsHeaders(provider, kept());
    providers.listensAt(provider, paths());
  }

  private List<String> paths() {
    var listed =
        Arrays.stream(paths.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
    if (listed.size() > MOST_PATHS || !listed.stream().allMatch(p -> PATH.matcher(p).matches())) {
      throw new IllegalArgumentException(
          "Expected parameter paths of kamelet:webhook-source of "
              + provider
              + " to be at most "
              + MOST_PATHS
              + " paths, comma-separated, such as completed, updated");
    }
    return listed;
  }

  private List<String> kept() {
    kept =
        Arrays.stream(keepHeaders.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
    var bad =
        kept.stream()
            .filter(name -> !NAME_OF_HEADER.matcher(name).matches() || isSecret(name))
            .findAny();
    if (bad.isPresent() || kept.size() > KeptHeaders.MOST) {
      throw new IllegalArgumentException(
          "Expected parameter keepHeaders of kamelet:webhook-source of "
              + provider
              + " to be at most "
              + KeptHeaders.MOST
              + " names of headers, comma-separated, and none that holds a secret, got "
              + bad.orElseGet(() -> kept.size() + " names"));
    }
    return kept;
  }

  private static boolean isSecret(String name) {
    return SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT));
  }

  private long bytes() {
    try {
      var bytes = DataSize.parse(maxBody.strip()).toBytes();
      if (bytes > 0 && bytes <= LARGEST) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the place.
    }
    throw new IllegalArgumentException(
        "Expected parameter maxBody of kamelet:webhook-source of "
            + provider
            + " to be a size from 1B to 1GB such as 8MB, got "
            + maxBody);
  }

  @Override
  public void process(Exchange exchange) {
    var request = WebhookRequest.of(exchange);
    exchange.getMessage().setBody(request.body());
    exchange.setProperty(InboxProperties.PROVIDER, request.provider());
    exchange.setProperty(InboxProperties.PATH, request.path());
    if (request.contentType() != null) {
      exchange.setProperty(InboxProperties.CONTENT_TYPE, request.contentType());
    }
    var values = new LinkedHashMap<String, String>();
    for (var name : kept) {
      var came = request.header(name);
      if (!came.isEmpty()) {
        // As RFC 9110, 5.3, joins what came in several lines.
        values.put(name, String.join(", ", came));
      }
    }
    KeptHeaders.put(exchange, values);
  }

  /** Name of the provider in paths. */
  public void setProvider(String provider) {
    this.provider = provider;
  }

  /** Size of the largest body that the provider may send, such as {@code 8MB}. */
  public void setMaxBody(String maxBody) {
    this.maxBody = maxBody;
  }

  /** Paths that its senders are given, behind the provider's own, comma-separated. */
  public void setPaths(String paths) {
    this.paths = paths;
  }

  /** Names of headers that are kept with each request for its map route, comma-separated. */
  public void setKeepHeaders(String keepHeaders) {
    this.keepHeaders = keepHeaders;
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
