package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An OpenID provider at the wire, at which everybody is logged in already: it sends them back at
 * once. What it says in its id tokens a test may bend.
 */
final class IdentityProviderStandIn implements AutoCloseable {

  static final String CLIENT = "gateway";
  static final String SECRET = "client secret";

  enum Signature {
    GOOD,
    NONE,
    OF_ANOTHER_KEY
  }

  /** Of the id token that comes next. */
  final Map<String, Object> claims = new ConcurrentHashMap<>();

  volatile Consumer<JWTClaimsSet.Builder> bend = claims -> {};
  volatile Signature signature = Signature.GOOD;
  volatile boolean isAway;
  final AtomicInteger tokens = new AtomicInteger();

  /** What the last one was sent here with. */
  volatile Map<String, String> asked = Map.of();

  private final RSAKey key;
  private final RSAKey anotherKey;
  private final HttpServer server;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  IdentityProviderStandIn() {
    try {
      key = new RSAKeyGenerator(2048).keyID("k1").generate();
      anotherKey = new RSAKeyGenerator(2048).keyID("k1").generate();
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    on("/.well-known/openid-configuration", this::describe);
    on("/keys", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
    on("/authorize", this::sendBack);
    on("/token", this::giveToken);
    server.start();
  }

  /** As it is when nobody has bent it. */
  void beginAnew() {
    claims.clear();
    claims.put("email", "ada@example.org");
    claims.put("email_verified", true);
    bend = claims -> {};
    signature = Signature.GOOD;
    isAway = false;
    tokens.set(0);
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private interface Part {
    void handle(HttpExchange exchange) throws Exception;
  }

  private void on(String path, Part part) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (isAway) {
              answer(exchange, 503, "{}");
            } else {
              part.handle(exchange);
            }
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
  }

  private void describe(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        200,
        """
        {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize",
         "token_endpoint": "%1$s/token", "jwks_uri": "%1$s/keys",
         "response_types_supported": ["code"], "subject_types_supported": ["public"],
         "id_token_signing_alg_values_supported": ["RS256"]}"""
            .formatted(issuer()));
  }

  private void sendBack(HttpExchange exchange) throws IOException {
    asked = pairs(exchange.getRequestURI().getRawQuery());
    var code = "code-" + codes.size();
    codes.put(code, asked);
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            asked.get("redirect_uri")
                + "?code="
                + code
                + "&state="
                + URLEncoder.encode(asked.get("state"), UTF_8));
    exchange.sendResponseHeaders(302, -1);
  }

  private void giveToken(HttpExchange exchange) throws Exception {
    var form = pairs(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    var basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (CLIENT + ":" + URLEncoder.encode(SECRET, UTF_8)).getBytes(US_ASCII));
    var start = codes.remove(form.getOrDefault("code", ""));
    if (start == null
        || !basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
        || !"S256".equals(start.get("code_challenge_method"))
        || !challenge(form.get("code_verifier")).equals(start.get("code_challenge"))) {
      answer(exchange, 400, "{\"error\": \"invalid_grant\"}");
      return;
    }
    tokens.incrementAndGet();
    answer(
        exchange,
        200,
        "{\"access_token\": \"a\", \"token_type\": \"Bearer\", \"expires_in\": 60, \"id_token\": \""
            + idToken(start)
            + "\"}");
  }

  private String idToken(Map<String, String> start) throws JOSEException {
    var now = Instant.now();
    var builder =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .subject("person-1")
            .audience(CLIENT)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .claim("nonce", start.get("nonce"));
    claims.forEach(builder::claim);
    bend.accept(builder);
    if (signature == Signature.NONE) {
      return new PlainJWT(builder.build()).serialize();
    }
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").build(), builder.build());
    token.sign(new RSASSASigner(signature == Signature.GOOD ? key : anotherKey));
    return token.serialize();
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> pairs(String query) {
    var pairs = new HashMap<String, String>();
    for (var pair : List.of(query.split("&"))) {
      var parts = pair.split("=", 2);
      pairs.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return pairs;
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    var bytes = json.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
