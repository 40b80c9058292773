package io.surveygateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.surveygateway.SettableClock;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure.Kind;
import io.surveygateway.routes.DestinationRoute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forward to a receiver with a certificate, which is for {@code localhost} alone. */
class ForwardOverTlsTest {

  private static final String PASSWORD = "for-tests";
  private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();

  private static HttpsServer server;
  private static SSLContext keys;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    var file = folder.resolve("receiver.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -alias receiver -keyalg EC -dname CN=localhost -validity 2"
                        + " -ext san=dns:localhost -storetype PKCS12 -storepass "
                        + PASSWORD
                        + " -keystore "
                        + file)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0).as(said).isTrue();
    keys = context(file);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(keys));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            RECEIVED.add(new String(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @BeforeEach
  void forget() {
    RECEIVED.clear();
  }

  @Test
  void arrivesWhereTheCertificateIsBelieved() throws Exception {
    assertThat(deliver("localhost", keys)).isNull();

    assertThat(RECEIVED).containsExactly("{\"id\":\"1\"}");
  }

  @Test
  void isNotSentWhereItIsNotBelieved() throws Exception {
    isNotTrusted(deliver("localhost", null));
  }

  @Test
  void isNotSentWhereItIsForAnotherName() throws Exception {
    isNotTrusted(deliver("127.0.0.1", keys));
  }

  private static void isNotTrusted(@Nullable Throwable thrown) {
    assertThat(thrown).isNotNull();
    var failure = new ForwardErrors(clock()).classify(thrown);
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure.reason()).startsWith("The receiver of FORWARD_URL could not be trusted");
    assertThat(RECEIVED).isEmpty();
  }

  private static @Nullable Throwable deliver(String host, @Nullable SSLContext trust)
      throws Exception {
    var settings =
        new ForwardSettings(
            new ForwardProperties(
                "https://" + host + ":" + server.getAddress().getPort() + "/",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                true));
    var http =
        new ForwardHttp(
            settings, clock(), SystemDefaultDnsResolver.INSTANCE, trust, Duration.ofSeconds(30));
    try (var route =
        new DestinationRoute(
            "forward",
            Map.of(),
            camel -> {
              camel.getRegistry().bind(SurveyJson.BEAN, SurveyJson.mapper());
              camel.getRegistry().bind("forwardAddress", new ForwardAddress(settings));
              camel.getRegistry().bind("forwardHttp", http);
            })) {
      return route.deliver(JsonNodeFactory.instance.objectNode().put("id", "1")).thrown();
    }
  }

  private static SettableClock clock() {
    return new SettableClock(Instant.parse("2026-03-02T10:00:00Z"));
  }

  private static SSLContext context(Path file) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new IllegalStateException("Expected keytool to have made " + file, e);
    }
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store, PASSWORD.toCharArray());
    var certificate = KeyStore.getInstance("PKCS12");
    certificate.load(null, null);
    certificate.setCertificateEntry("receiver", store.getCertificate("receiver"));
    var others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(certificate);
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }
}
