package io.surveygateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.lint.OutsideLint;
import io.surveygateway.lint.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.apache.camel.spi.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;

class RouteSetTest {

  private @TempDir Path folder;
  private Path routes;

  @BeforeEach
  void writeRoutes() throws IOException {
    routes = folder.resolve("routes");
    write("router.camel.yaml", "- route:\n    id: router\n");
    write(
        "providers/acme/acme.camel.yaml",
        """
        - route:
            id: acme-map
            from:
              uri: direct:acme
              steps:
                - setBody:
                    jq: resource:file:routes/providers/acme/acme.jq
        """);
    write("providers/acme/acme.jq", ".a");
  }

  private void write(String path, String text) throws IOException {
    var file = routes.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private RouteSet read() {
    return RouteSet.read(routes);
  }

  @Test
  void isTheSameAsLongAsNoFileDiffers() throws IOException {
    var before = read();
    Files.setLastModifiedTime(routes.resolve("router.camel.yaml"), FileTime.fromMillis(1));

    assertThat(read()).isEqualTo(before).hasSameHashCodeAs(before);
  }

  @Test
  void seesAnotherByteWhateverTheDateOfTheFile() throws IOException {
    var before = read();
    var date = Files.getLastModifiedTime(routes.resolve("providers/acme/acme.jq"));
    write("providers/acme/acme.jq", ".b");
    Files.setLastModifiedTime(routes.resolve("providers/acme/acme.jq"), date);

    assertThat(read()).isNotEqualTo(before);
    assertThat(read().changesSince(before)).containsExactly("routes/providers/acme/acme.jq");
  }

  @Test
  void seesWhatIsNewAndWhatIsGone() throws IOException {
    var before = read();
    Files.delete(routes.resolve("providers/acme/acme.jq"));
    write("providers/new/new.sql", "SELECT 1");

    assertThat(read().changesSince(before))
        .containsExactly("routes/providers/acme/acme.jq", "routes/providers/new/new.sql");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        ".hidden.camel.yaml",
        ".git/router.camel.yaml",
        "#router.camel.yaml#",
        "router.camel.yaml~",
        "router.camel.yaml.swp",
        "router.camel.yaml.bak",
        "providers/acme/samples/completed.json"
      })
  void doesNotSeeWhatNoRouteIsMadeOf(String path) throws IOException {
    var before = read();
    write(path, "anything");

    assertThat(read()).isEqualTo(before);
  }

  @Test
  void givesWhatItReadWhateverBecameOfTheFile() throws IOException {
    var set = read();
    write("providers/acme/acme.jq", ".b");

    assertThat(text(set, routes.resolve("providers/acme/acme.jq"))).contains(".a");
    assertThat(text(set, routes.resolve("providers/../providers/acme/acme.jq"))).contains(".a");
    assertThat(text(set, routes.resolve("providers/acme/other.jq"))).isEmpty();
    assertThat(text(set, folder.resolve("application.yaml"))).isEmpty();
  }

  private static Optional<String> text(RouteSet set, Path file) {
    return set.content(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  @Test
  void isCheckedAsItWasRead() throws IOException {
    var set = read();
    write("router.camel.yaml", "");
    Files.delete(routes.resolve("providers/acme/acme.jq"));
    write("providers/new/new.camel.yaml", "");

    try (var lint = new OutsideLint(new StandardEnvironment())) {
      assertThat(lint.lint().check(routes, folder, set.fixed()).report())
          .doesNotContain("The file is empty", "There is no file");
      assertThat(lint.lint().check(routes, folder).report())
          .contains("routes/router.camel.yaml: The file is empty")
          .contains("routes/providers/new/new.camel.yaml: The file is empty")
          .contains("There is no file routes/providers/acme/acme.jq");
    }
  }

  @Test
  void loadsYamlAloneFromThePlaceWhereItStands() {
    assertThat(read().toLoad())
        .extracting(Resource::getLocation)
        .containsExactly(
            "file:" + routes.resolve("providers/acme/acme.camel.yaml"),
            "file:" + routes.resolve("router.camel.yaml"));
  }

  @Test
  void canGoWithoutAFolder() {
    var less = read().without(file -> file.startsWith("routes/providers/acme/"));

    assertThat(read().holdsFolder("routes/providers/acme")).isTrue();
    assertThat(less.holdsFolder("routes/providers/acme")).isFalse();
    assertThat(less.toLoad()).hasSize(1);
  }

  @Test
  void findsTheLineOfARoute() {
    assertThat(read().placeOf("acme-map"))
        .contains(new Place("routes/providers/acme/acme.camel.yaml", 2, 0));
    assertThat(read().placeOf("acme")).isEmpty();
  }

  @Test
  void doesNotHoldWhatIsTooLargeForARoute() throws IOException {
    var before = read();
    Files.write(routes.resolve("providers/acme/data.csv"), new byte[(4 << 20) + 1]);
    var with = read();

    assertThat(with.changesSince(before)).containsExactly("routes/providers/acme/data.csv");
    assertThat(with.content(routes.resolve("providers/acme/data.csv"))).isEmpty();
  }

  @Test
  void saysThatThereIsNoFolder() {
    assertThatThrownBy(() -> RouteSet.read(folder.resolve("nowhere")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nowhere");
  }
}
