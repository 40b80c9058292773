import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Starts a gateway, lets a webhook through to the business database, and stops it: so that Java
 * archives the classes that a gateway uses. For the build of an image, and for whoever wants the
 * same without one; needs nothing but Java.
 *
 * <p>{@code java docker/Train.java java -XX:ArchiveClassesAtExit=gateway.jsa -jar gateway.jar}, in
 * a folder that holds {@code routes/} and {@code application.yaml}.
 */
public final class Train {

  private static final String SECRET = "known only to this training";
  private static final int WEBHOOKS = 28080;
  private static final int CONSOLE = 28081;
  private static final Path SAMPLE = Path.of("routes/providers/popsee/samples/completed.json");
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Instant end = Instant.now().plus(LONGEST);
  private final Process gateway;

  private Train(Process gateway) {
    this.gateway = gateway;
  }

  /**
   * @param command that starts the gateway
   */
  public static void main(String[] command) throws Exception {
    if (command.length == 0) {
      throw new IllegalArgumentException(
          "Expected the command that starts the gateway, such as java -jar survey-gateway.jar");
    }
    var data = Files.createTempDirectory("gateway");
    var train = new Train(start(List.of(command), data));
    try {
      train.until(CONSOLE, "/actuator/health/readiness", " ");
      train.send();
      train.until(CONSOLE, "/api/deliveries?destination=database&state=delivered", "database");
    } finally {
      train.stop();
      delete(data);
    }
  }

  private static Process start(List<String> command, Path data) throws IOException {
    var builder = new ProcessBuilder(command).inheritIO();
    var environment = builder.environment();
    environment.put("WEBHOOK_PORT", "" + WEBHOOKS);
    environment.put("CONSOLE_PORT", "" + CONSOLE);
    environment.put("GATEWAY_DATA", data.toString());
    environment.put("GATEWAY_ADMIN_PASSWORD", SECRET);
    environment.put("POPSEE_SECRET", SECRET);
    environment.put("SMARTSURVEY_SECRET", SECRET);
    environment.put("SMARTERMEASURE_KEY", SECRET);
    environment.put("DATABASE_URL", "");
    environment.put("WAREHOUSE_URL", "");
    return builder.start();
  }

  /** Asks until it is answered 200 and with those words. */
  private void until(int port, String path, String words) throws Exception {
    var login = Base64.getEncoder().encodeToString(("admin:" + SECRET).getBytes());
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Basic " + login)
            .timeout(Duration.ofSeconds(10))
            .build();
    var last = "no answer";
    while (Instant.now().isBefore(end) && gateway.isAlive()) {
      try {
        var answer = http.send(request, BodyHandlers.ofString());
        last = answer.statusCode() + " " + answer.body();
        if (answer.statusCode() == 200 && (" " + answer.body()).contains(words)) {
          return;
        }
      } catch (IOException e) {
        last = e.toString();
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IllegalStateException(
        "Expected " + path + " to answer 200 within " + LONGEST + ", last was: " + last);
  }

  /** A webhook as Popsee sends it: {@code routes/providers/popsee/samples}. */
  private void send() throws Exception {
    var body = Files.readAllBytes(SAMPLE);
    var hmac = Mac.getInstance("HmacSHA256");
    hmac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + WEBHOOKS + "/webhooks/popsee"))
                .header("Content-Type", "application/json")
                .header(
                    "X-Popsee-Signature", "sha256=" + HexFormat.of().formatHex(hmac.doFinal(body)))
                .POST(BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          "Expected 200 for a webhook, got " + answer.statusCode() + " " + answer.body());
    }
  }

  /** As an operator does, so that Java writes its archive at the end. */
  private void stop() throws InterruptedException {
    gateway.destroy();
    if (!gateway.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      gateway.destroyForcibly();
      throw new IllegalStateException("Expected the gateway to end within " + LONGEST);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
