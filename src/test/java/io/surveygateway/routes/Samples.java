package io.surveygateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.jq.JqExpression;
import org.apache.camel.support.DefaultExchange;

/**
 * The samples of a destination: {@code samples/<situation>.json}, canonical, and {@code
 * <situation>.expected.json}, what the destination makes of it.
 */
public final class Samples {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Samples() {}

  public static List<Sample> of(String destination) throws IOException {
    var folder = Path.of("routes/destinations", destination);
    try (var files = Files.list(folder.resolve("samples"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.toString().endsWith(".expected.json"))
          .sorted()
          .map(file -> new Sample(folder, file))
          .toList();
    }
  }

  /** Runs a mapping file of a destination as its route does. */
  public static JsonNode map(Path file, JsonNode input) throws Exception {
    try (var context = new DefaultCamelContext()) {
      var expression = new JqExpression(Files.readString(file));
      expression.init(context);
      var exchange = new DefaultExchange(context);
      exchange.getMessage().setBody(input);
      return (JsonNode) expression.evaluate(exchange);
    }
  }

  public record Sample(Path folder, Path file) {

    public String name() {
      return file.getFileName().toString().replace(".json", "");
    }

    public JsonNode input() throws IOException {
      return JSON.readTree(file.toFile());
    }

    public JsonNode apply(String mapping, JsonNode input) throws Exception {
      return map(folder.resolve(mapping), input);
    }

    /** Compares as text, so that a difference reads well; the order of members counts. */
    public void check(JsonNode actual) throws IOException {
      var expected = folder.resolve("samples").resolve(name() + ".expected.json");
      if (Boolean.getBoolean("samples.write")) {
        Files.writeString(expected, JSON.writeValueAsString(actual) + "\n");
      }
      assertThat(JSON.writeValueAsString(actual))
          .isEqualTo(JSON.writeValueAsString(JSON.readTree(expected.toFile())));
    }
  }
}
