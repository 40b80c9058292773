package io.surveygateway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.FileSystemResource;

/** A copy of the shipped {@code routes/}, for tests to make mistakes in. */
final class RoutesCopy {

  private final Path base;

  private RoutesCopy(Path base) {
    this.base = base;
  }

  static RoutesCopy in(Path base) throws IOException {
    var shipped = Path.of("routes");
    try (var files = Files.walk(shipped)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.copy(file, base.resolve("routes").resolve(shipped.relativize(file).toString()));
      }
    }
    return new RoutesCopy(base);
  }

  /** The settings of {@code application.yaml} with no environment variable set. */
  static PropertyResolver settings() {
    var yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new FileSystemResource("application.yaml"));
    var sources = new MutablePropertySources();
    sources.addLast(new PropertiesPropertySource("application.yaml", yaml.getObject()));
    return new PropertySourcesPropertyResolver(sources);
  }

  Path file(String path) {
    return base.resolve("routes").resolve(path);
  }

  /** Replaces the first of what must be there, and gives the line of its first word. */
  int edit(String path, String from, String to) throws IOException {
    var line = line(path, from);
    var text = Files.readString(file(path));
    var at = text.indexOf(from);
    Files.writeString(file(path), text.substring(0, at) + to + text.substring(at + from.length()));
    return line;
  }

  /** The line of the first word of what must be there. */
  int line(String path, String what) throws IOException {
    var text = Files.readString(file(path));
    assertThat(text).as(path).contains(what);
    var first = text.indexOf(what) + (what.length() - what.stripLeading().length());
    return 1 + (int) text.substring(0, first).chars().filter(c -> c == '\n').count();
  }

  void write(String path, String text) throws IOException {
    Files.createDirectories(file(path).getParent());
    Files.writeString(file(path), text);
  }

  void append(String path, String text) throws IOException {
    write(path, Files.readString(file(path)) + text);
  }

  void delete(String path) throws IOException {
    Files.delete(file(path));
  }

  void copyFolder(String from, String to) throws IOException {
    var source = file(from);
    try (var files = Files.walk(source)) {
      for (var one : (Iterable<Path>) files::iterator) {
        Files.copy(one, file(to).resolve(source.relativize(one).toString()));
      }
    }
  }

  Findings check(RoutesLint lint) {
    return lint.check(base.resolve("routes"), base);
  }
}
