package io.surveygateway.forward;

import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Makes the HTTP client that forwards events careful: where it connects to is looked at after DNS,
 * what it sends is signed, what it hears is bounded. One call for one try, no redirect, no cookie.
 *
 * <p>All limits stand here and none at the endpoint, since a client with its own connections leaves
 * those alone.
 */
@Component("forwardHttp")
final class ForwardHttp implements HttpClientConfigurer {

  private static final Timeout CONNECT = Timeout.ofSeconds(5);
  private static final Timeout SILENCE = Timeout.ofSeconds(20);

  /** As Standard Webhooks advises: 15 to 30 seconds. */
  private static final Duration WHOLE = Duration.ofSeconds(30);

  private static final int MOST_CONNECTIONS = 20;
  private static final int LONGEST_HEADER = 16 * 1024;
  private static final int MOST_HEADERS = 100;

  private final ForwardSettings settings;
  private final Clock clock;
  private final DnsResolver dns;
  private final @Nullable SSLContext trust;
  private final Duration whole;

  @Autowired
  ForwardHttp(ForwardSettings settings, Clock clock) {
    this(settings, clock, SystemDefaultDnsResolver.INSTANCE, null, WHOLE);
  }

  /**
   * @param trust certificates that are believed, or null for those that Java believes
   * @param whole the longest exchange
   */
  ForwardHttp(
      ForwardSettings settings,
      Clock clock,
      DnsResolver dns,
      @Nullable SSLContext trust,
      Duration whole) {
    this.settings = settings;
    this.clock = clock;
    this.dns = settings.allowPrivate() ? dns : new PublicDns(dns);
    this.trust = trust;
    this.whole = whole;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder
        .setConnectionManager(connections())
        .setConnectionManagerShared(false)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(CONNECT)
                .setResponseTimeout(SILENCE)
                .build())
        .setUserAgent("survey-gateway")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .addExecInterceptorFirst("sign", new SignedExchange(settings, clock, whole));
  }

  private HttpClientConnectionManager connections() {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(dns)
            .setMaxConnPerRoute(MOST_CONNECTIONS)
            .setMaxConnTotal(MOST_CONNECTIONS)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT)
                    .setSocketTimeout(SILENCE)
                    .setTimeToLive(Timeout.ofMinutes(1))
                    .build())
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(
                        Http1Config.custom()
                            .setMaxLineLength(LONGEST_HEADER)
                            .setMaxHeaderCount(MOST_HEADERS)
                            .build())
                    .build());
    if (trust != null) {
      connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(trust));
    }
    return connections.build();
  }
}
