package io.surveygateway;

import static java.util.stream.Collectors.toCollection;

import io.surveygateway.inbox.KeptHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The samples of one provider: the files of {@code routes/providers/<provider>/samples}.
 *
 * <ul>
 *   <li>{@code <situation>.json}, {@code .xml}, {@code .txt} (urlencoded) or {@code .multipart}:
 *       the body of a request, byte for byte. The boundary of a multipart body is its first line.
 *   <li>{@code <situation>@<path>.json}: the same, sent to {@code /webhooks/<provider>/<path>}.
 *   <li>{@code <situation>.headers.json}: headers that were kept with it, an object of texts.
 *   <li>{@code <situation>.expected.json}: the canonical event that it becomes; an array where it
 *       becomes several, or none.
 *   <li>{@code <situation>.fetched.json}: what the provider's API answers when the route asks it
 *       once. A sample without one is mapped as if no access token was set.
 *   <li>{@code <situation>.proof.json}: what the provider proved itself with when it sent it
 *       ({@link SampleProof}). Each provider has one sample with it at least.
 * </ul>
 *
 * @param provider the folder's name
 * @param folder the provider's folder
 * @param routes its YAML file
 * @param found its samples, by name
 * @param problems what is wrong with the folder, for the engineer who filled it
 */
record ProviderSamples(
    String provider, Path folder, Path routes, List<Sample> found, List<String> problems) {

  private static final String EXPECTED = ".expected.json";
  private static final String FETCHED = ".fetched.json";
  private static final String HEADERS = ".headers.json";
  private static final String PROOF = ".proof.json";
  private static final List<String> COMPANIONS = List.of(EXPECTED, FETCHED, HEADERS, PROOF);
  private static final String MULTIPART = "multipart/form-data";

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          ".json", "application/json",
          ".xml", "application/xml",
          ".txt", "application/x-www-form-urlencoded",
          ".multipart", MULTIPART);

  /** One request as a provider sends it, and what is to become of it. */
  record Sample(
      String situation,
      Path body,
      String type,
      Path expected,
      Path fetched,
      Path headers,
      Path proof) {

    String contentType() {
      if (!type.equals(MULTIPART)) {
        return type;
      }
      var firstLine = new String(bytes(), StandardCharsets.ISO_8859_1).lines().findFirst();
      return type + "; boundary=" + firstLine.orElse("").replaceFirst("^--", "");
    }

    Map<String, String> keptHeaders() {
      return Files.exists(headers)
          ? KeptHeaders.fromStore(new String(read(headers), StandardCharsets.UTF_8))
          : Map.of();
    }

    byte[] bytes() {
      return read(body);
    }

    /** The rest of the path after the provider's name, often empty. */
    String path() {
      var at = situation.indexOf('@');
      return at < 0 ? "" : situation.substring(at + 1);
    }

    Optional<byte[]> answerOfApi() {
      return Files.exists(fetched) ? Optional.of(read(fetched)) : Optional.empty();
    }

    Optional<SampleProof> proved() {
      return Files.exists(proof) ? Optional.of(SampleProof.read(proof)) : Optional.empty();
    }

    private static byte[] read(Path file) {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The samples of every folder in {@code providers}, in the order of their names. */
  static List<ProviderSamples> in(Path providers) {
    return list(providers).stream().filter(Files::isDirectory).map(ProviderSamples::of).toList();
  }

  private static ProviderSamples of(Path folder) {
    var provider = folder.getFileName().toString();
    var samples = folder.resolve("samples");
    var routes = folder.resolve(provider + ".camel.yaml");
    var problems = new ArrayList<String>();
    if (!Files.exists(routes)) {
      problems.add("Expected the provider's routes in " + routes + ", and there is no such file");
    }
    var names =
        Files.isDirectory(samples)
            ? list(samples).stream()
                .map(file -> file.getFileName().toString())
                .collect(toCollection(TreeSet::new))
            : new TreeSet<String>();
    var found = new ArrayList<Sample>();
    for (var name : names) {
      if (COMPANIONS.stream().anyMatch(name::endsWith)) {
        continue;
      }
      var dot = name.lastIndexOf('.');
      var contentType = dot < 1 ? null : CONTENT_TYPES.get(name.substring(dot));
      if (contentType == null) {
        problems.add(
            samples.resolve(name) + " is no sample: expected one of " + CONTENT_TYPES.keySet());
        continue;
      }
      var situation = name.substring(0, dot);
      found.add(
          new Sample(
              situation,
              samples.resolve(name),
              contentType,
              samples.resolve(situation + EXPECTED),
              samples.resolve(situation + FETCHED),
              samples.resolve(situation + HEADERS),
              samples.resolve(situation + PROOF)));
    }
    for (var name : names) {
      for (var suffix : COMPANIONS) {
        if (name.endsWith(suffix)) {
          var situation = name.substring(0, name.length() - suffix.length());
          if (found.stream().noneMatch(sample -> sample.situation().equals(situation))) {
            problems.add(samples.resolve(name) + " belongs to no sample: there is no " + situation);
          }
        }
      }
    }
    if (found.isEmpty()) {
      problems.add(
          "Expected samples of what "
              + provider
              + " sends in "
              + samples
              + " (<situation>.json with <situation>.expected.json), and there are none");
    }
    if (found.stream().noneMatch(sample -> Files.exists(sample.proof()))) {
      problems.add(
          "Expected one sample in "
              + samples
              + " with what its sender proved itself with (<situation>.proof.json), and there is"
              + " none");
    }
    return new ProviderSamples(provider, folder, routes, found, problems);
  }

  private static List<Path> list(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
