package io.surveygateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kaoto changes nothing of a shipped file that it opens and saves.
 *
 * <p>{@code ./mvnw test -Dtest=KaotoFormTest -Droutes.write=true} writes all of them so.
 */
class KaotoFormTest {

  /** What Kaoto calls, and nothing else. Its argument is the folder of the package. */
  private static final String REAL =
      """
      const {parse, stringify} = require(process.argv[1]);
      const text = require('fs').readFileSync(0, 'utf8');
      const documents = JSON.parse(text);
      process.stdout.write(JSON.stringify(
        documents.map(one => stringify(parse(one), {schema: 'yaml-1.1'}))));
      """;

  @TempDir Path folder;

  static Stream<Path> routes() throws IOException {
    return Files.walk(Path.of("routes"))
        .filter(file -> file.toString().matches(".*\\.(camel|kamelet)\\.yaml"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void staysAsItIsByteForByte(Path file) throws IOException {
    var text = Files.readString(file);
    var saved = KaotoForm.of(text);
    if (Boolean.getBoolean("routes.write")) {
      Files.writeString(file, saved);
      return;
    }

    assertThat(text)
        .as("%s as Kaoto saves it; -Dtest=KaotoFormTest -Droutes.write=true writes it so", file)
        .isEqualTo(saved);
  }

  @Test
  void keepsTheCommentsAtTheHeadAndNoOthers() {
    assertThat(KaotoForm.of("# One\n#\n# Two\n- a: b # three\n"))
        .isEqualTo("# One\n\n# Two\n- a: b\n");
  }

  @Test
  void foldsWhatIsLong() {
    var text = "x".repeat(30) + " " + "y".repeat(30) + " " + "z".repeat(30);

    assertThat(KaotoForm.of("a:\n  note: " + text + "\n"))
        .isEqualTo("a:\n  note: " + text.replace(" z", "\n    z") + "\n");
  }

  /** Where node and the package are at hand: {@code -Dyaml.package=node_modules/yaml}. */
  @Test
  void isWhatThePackageItselfMakes() throws Exception {
    var where = System.getProperty("yaml.package");
    assumeTrue(where != null, "Name the npm package yaml by -Dyaml.package=node_modules/yaml");
    var documents = new ArrayList<String>();
    for (var file : routes().toList()) {
      documents.add(Files.readString(file));
    }
    documents.add("a:\n  b: |\n    one\n    two\n  c: d\n");
    documents.add("- a: |-\n    one\n\n    two: three\n");
    var random = new Random(4);
    for (var i = 0; i < 20_000; i++) {
      documents.add(document(random));
    }
    var json = new com.fasterxml.jackson.databind.ObjectMapper();
    var input = Files.write(folder.resolve("in"), json.writeValueAsBytes(documents));
    var output = folder.resolve("out");
    var node =
        new ProcessBuilder("node", "-e", REAL, Path.of(where).toAbsolutePath().toString())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(node.waitFor()).isZero();

    var real = json.readTree(Files.readString(output, StandardCharsets.UTF_8));
    assertThat(real).hasSize(documents.size());
    for (var i = 0; i < documents.size(); i++) {
      var ours = KaotoForm.of(documents.get(i)).replaceFirst("\\A(?:#.*\\n|\\n)*", "");
      assertThat(ours).as(documents.get(i)).isEqualTo(real.get(i).asText());
    }
  }

  /** Maps and lists of texts, of the words and signs that make trouble. */
  private static String document(Random random) {
    var text = new StringBuilder();
    var depth = random.nextInt(12);
    for (var i = 0; i < depth; i++) {
      text.append("  ".repeat(i)).append(key(random)).append(":\n");
    }
    var indent = "  ".repeat(depth);
    var isList = random.nextBoolean();
    var used = new ArrayList<String>();
    for (var i = 0; i <= random.nextInt(3); i++) {
      var key = key(random) + i;
      used.add(key);
      text.append(indent)
          .append(isList ? "- " : key + ": ")
          .append(json(words(random)))
          .append('\n');
    }
    return text.toString();
  }

  private static String key(Random random) {
    return List.of("note", "description", "expression", "a", "stepWithALongName", "on", "x-y")
        .get(random.nextInt(7));
  }

  private static String words(Random random) {
    var words =
        List.of(
            "the",
            "of",
            ":",
            "a:",
            "#",
            "'",
            "\"",
            "{{x}}",
            "${body}",
            "-",
            "|",
            "\\",
            "null",
            "1",
            "0.5",
            "yes",
            "2020-01-01",
            "averyveryverylongwordthatfitsnowhereatall",
            ".a.b",
            "ü",
            "  ",
            "[x]",
            "it's",
            "\\\"",
            "x\\y",
            "!",
            "@a",
            "%b",
            "=",
            "<<",
            "~");
    var count = random.nextInt(4) == 0 ? 1 : random.nextInt(40);
    var text = new StringBuilder();
    for (var i = 0; i < count; i++) {
      text.append(words.get(random.nextInt(words.size())))
          .append(random.nextInt(8) == 0 ? "" : " ");
    }
    return random.nextBoolean() ? text.toString().strip() : text.toString();
  }

  private static String json(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
