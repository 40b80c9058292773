package io.surveygateway.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of {@code routes/} that a trial of one provider runs: the provider's, those at the top,
 * and the destinations'. Read anew each time.
 *
 * @param root the folder {@code routes}
 * @param provider as in its path
 * @param folder of the provider
 */
record RouteFiles(Path root, String provider, Path folder) {

  private static final String ROUTES = ".camel.yaml";

  /**
   * Finds the provider's folder, which is called as the provider is, or as what stands before one
   * of its hyphens.
   *
   * @return empty if there is none
   */
  static Optional<RouteFiles> of(Path root, String provider) {
    if (!provider.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      return Optional.empty();
    }
    for (var name = provider; !name.isEmpty(); name = name.replaceFirst("-?[^-]*$", "")) {
      var folder = root.resolve("providers").resolve(name);
      if (Files.isDirectory(folder)) {
        return Optional.of(new RouteFiles(root, provider, folder));
      }
    }
    return Optional.empty();
  }

  /** Names of the folders of providers, in their order. */
  static List<String> providers(Path root) {
    return list(root.resolve("providers")).stream()
        .filter(Files::isDirectory)
        .map(folder -> folder.getFileName().toString())
        .toList();
  }

  Path kamelets() {
    return root.resolve("kamelets");
  }

  /** The jq file that makes events of the provider's items. */
  Path mapping() {
    return folder.resolve(folder.getFileName() + ".jq");
  }

  /** The end of its path, from the folder of all providers on: as routes name it. */
  Path mappingName() {
    return root.relativize(mapping());
  }

  List<Path> all() {
    var files = new ArrayList<Path>(in(root));
    files.addAll(in(folder));
    list(root.resolve("destinations")).stream()
        .filter(Files::isDirectory)
        .forEach(destination -> files.addAll(in(destination)));
    return files;
  }

  private static List<Path> in(Path folder) {
    return list(folder).stream()
        .filter(file -> file.getFileName().toString().endsWith(ROUTES))
        .toList();
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
