package io.surveygateway.lint;

import io.surveygateway.lint.RouteFolder.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names files that would be ignored without a word, and those that are missing. */
final class FileNames {

  private static final Pattern RIGHT = Pattern.compile("[A-Za-z0-9_-]+\\.(camel|kamelet)\\.yaml");
  private static final String RESOURCE = "resource:file:";
  private static final String EXPECTED = ".expected.json";

  private final RouteFolder folder;
  private final Report report;

  FileNames(RouteFolder folder, Report report) {
    this.folder = folder;
    this.report = report;
  }

  void check() {
    folder.files().stream().filter(file -> !file.isSample()).forEach(this::checkName);
    var parts =
        folder.files().stream()
            .map(Entry::part)
            .filter(part -> part.startsWith("providers/"))
            .collect(Collectors.toCollection(TreeSet::new));
    parts.forEach(this::checkProvider);
    folder.files().stream()
        .map(Entry::part)
        .filter(part -> part.startsWith("destinations/"))
        .distinct()
        .forEach(this::checkMainFile);
  }

  private void checkName(Entry file) {
    var name = file.fileName();
    var lower = name.toLowerCase(Locale.ROOT);
    if (!(lower.endsWith(".yaml") || lower.endsWith(".yml"))) {
      return;
    }
    if (!RIGHT.matcher(name).matches()) {
      var stem = name.replaceFirst("(?i)(\\.camel|\\.kamelet)?\\.ya?ml$", "");
      report.grave(
          folder.place(file),
          lower.endsWith(".yml")
              ? "Camel ignores files that end in .yml"
              : "Expected a name that ends in .camel.yaml or .kamelet.yaml, with no other dot",
          "Call it "
              + stem.replace('.', '-')
              + (lower.contains(".kamelet.") ? RouteFile.KAMELET : RouteFile.ROUTES)
              + ", or move it out of "
              + folder.name()
              + "/.");
    } else if (name.endsWith(RouteFile.KAMELET) && !file.path().startsWith("kamelets/")) {
      report.grave(
          folder.place(file),
          "Routes find kamelets in " + folder.shown("kamelets/") + " alone",
          "Move it there.");
    }
  }

  private void checkProvider(String part) {
    checkMainFile(part);
    var names =
        folder.files().stream()
            .filter(file -> file.path().startsWith(part + "/samples/"))
            .map(Entry::fileName)
            .toList();
    var at = Place.of(folder.shown(part + "/samples"));
    var stems = names.stream().map(FileNames::stem).collect(Collectors.toSet());
    var samples = names.stream().filter(name -> isSample(name, stems)).toList();
    if (samples.isEmpty()) {
      report.light(
          at,
          "There are no samples of what the provider sends",
          "Put a request into samples/<situation>.json, and what it becomes into"
              + " samples/<situation>.expected.json.");
    }
    for (var sample : samples) {
      if (!names.contains(stem(sample) + EXPECTED)) {
        report.light(
            Place.of(folder.shown(part + "/samples/" + sample)),
            "The sample lacks " + stem(sample) + EXPECTED,
            "Write what it has to become; [] if that is no event.");
      }
    }
    var situations = samples.stream().map(FileNames::stem).collect(Collectors.toSet());
    for (var name : names) {
      if (name.endsWith(EXPECTED)
          && !situations.contains(name.substring(0, name.length() - EXPECTED.length()))) {
        report.light(
            Place.of(folder.shown(part + "/samples/" + name)),
            "There is no sample that becomes this",
            "Put the request beside it, or delete it.");
      }
    }
  }

  private void checkMainFile(String part) {
    var name = part.substring(part.indexOf('/') + 1);
    var wanted = part + "/" + name + RouteFile.ROUTES;
    var isThere = folder.files().stream().anyMatch(file -> file.path().equals(wanted));
    if (!isThere) {
      report.grave(
          Place.of(folder.shown(part)),
          "Expected its routes in " + name + RouteFile.ROUTES + ", and there is no such file",
          "Call the file as the folder is called, or move the folder out of "
              + folder.name()
              + "/.");
    }
  }

  private static String stem(String name) {
    var dot = name.lastIndexOf('.');
    return dot < 1 ? name : name.substring(0, dot);
  }

  /** Not what belongs to one: {@code <situation>.<what>.json} beside {@code <situation>.json}. */
  private static boolean isSample(String name, Set<String> stems) {
    var stem = stem(name);
    var dot = stem.lastIndexOf('.');
    return !stem.endsWith(".expected") && (dot < 1 || !stems.contains(stem.substring(0, dot)));
  }

  /** Files that a route names and that are not there, and jq files that no route names. */
  void checkNamed(List<RouteFile> files, Path base) {
    for (var file : files) {
      for (var text : file.texts) {
        if (text.text().startsWith(RESOURCE) && !text.text().contains("{{")) {
          var path = text.text().substring(RESOURCE.length());
          if (!folder.has(base.resolve(path))) {
            report.grave(
                text.place(),
                "There is no file " + path,
                "Check the path: it counts from the folder that the gateway is started in.");
          }
        }
      }
    }
    for (var jq : folder.ending(".jq")) {
      if (files.stream().noneMatch(file -> file.content.contains(jq.path()))) {
        report.light(
            folder.place(jq),
            "No route names this file",
            "Name it: jq: expression: " + RESOURCE + folder.shown(jq.path()) + ", or delete it.");
      }
    }
  }
}
