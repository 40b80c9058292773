package io.surveygateway.browser;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surveygateway.demo.SignedSamples;
import io.surveygateway.packaged.Others;
import io.surveygateway.packaged.PackagedGateway;
import io.surveygateway.standin.SurveyMonkeyResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * One gateway, one browser and one person before it, for all tests: starting them takes longest.
 */
final class Console implements CloseableResource {

  final Others others = new Others();
  final World world;
  final Person person;
  private final PackagedGateway gateway;
  private final ChromeDriver driver;

  Console(Chromium chromium) {
    try {
      driver = chromium.start(Files.createTempDirectory(Path.of("target"), "chromium"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    gateway = new PackagedGateway(settings()).unpacked().start();
    world = new World(others, gateway);
    world.happens();
    world.hasTroubles();
    person = new Person(driver, gateway.console, Others.PASSWORD);
  }

  private Map<String, String> settings() {
    var settings = others.environment();
    // Its one message a second would be waited for.
    settings.put("GATEWAY_DELIVERY_DESTINATIONS_SLACK_RATE", "1000");
    settings.put("GATEWAY_ADDRESS", "127.0.0.1");
    settings.put("SPRING_APPLICATION_JSON", surveys());
    return settings;
  }

  /** What the providers do not tell: titles, and which answer is the score. */
  private static String surveys() {
    var surveys =
        List.of(
            survey(
                "popsee",
                SignedSamples.Popsee.SURVEY,
                "Checkout feedback",
                question(SignedSamples.Popsee.RECOMMEND, "Would you recommend us?", "nps"),
                question(SignedSamples.Popsee.COMMENT, "What could we do better?", "comment"),
                question(SignedSamples.Popsee.NAME, "Your name", "name"),
                question(SignedSamples.Popsee.EMAIL, "Your e-mail address", "email")),
            survey(
                "smartsurvey",
                SignedSamples.SmartSurvey.SURVEY,
                "Visit",
                question("88012", "Anything else?", "comment")),
            survey(
                "surveymonkey",
                SurveyMonkeyResponse.SURVEY,
                "Customer service",
                question(SurveyMonkeyResponse.RECOMMEND, "", "nps"),
                question(SurveyMonkeyResponse.COMMENT, "", "comment")));
    try {
      return new ObjectMapper().writeValueAsString(Map.of("gateway", Map.of("surveys", surveys)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SafeVarargs
  private static Map<String, Object> survey(
      String provider, String id, String title, Map<String, String>... questions) {
    return Map.of("provider", provider, "id", id, "title", title, "questions", questions);
  }

  private static Map<String, String> question(String id, String title, String role) {
    return Map.of("id", id, "title", title, "role", role);
  }

  /** Where senders reach the gateway, as its pages should say. */
  String webhooks() {
    return gateway.webhooks;
  }

  @Override
  public void close() throws InterruptedException {
    driver.quit();
    gateway.close();
    others.close();
  }
}
