package io.surveygateway.reload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.surveygateway.lint.LastFindings;
import io.surveygateway.lint.Mistake;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The files that the routes that run are made of, as they were read, and where the disk differs
 * from them by now.
 *
 * <p>Reads the folder each time that it is asked. Safe for use by many threads.
 */
@Component
public class RunningFiles {

  /** How what runs and what is on the disk are to each other. */
  public enum Standing {
    /** It runs as it is on the disk. */
    SAME,
    /** It runs as it was when it was loaded; the disk has another text. */
    CHANGED,
    /** It runs; the disk has it no more. */
    GONE,
    /** On the disk alone: nothing has loaded it. */
    NEW,
    /** On the disk alone: its folder was left out for its mistakes. */
    LEFT_OUT;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A file.
   *
   * @param path as reports show it: {@code routes/router.camel.yaml}
   * @param lines of what runs, or else of what is on the disk
   * @param mistakes that were found when the routes that run were loaded
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record File(String path, int lines, Standing standing, List<Mistake> mistakes) {}

  /**
   * A file with its text.
   *
   * @param text what runs, or what is on the disk where none of it does
   * @param difference what the disk has instead, where it differs
   */
  public record Shown(File file, String text, @Nullable Difference difference) {}

  /** Texts that routes are made of; not what lies beside them, such as metadata to deploy. */
  private static final Pattern SHOWN = Pattern.compile(".*\\.(?:ya?ml|jq|sql|json|groovy|xslt?)");

  /** An id of a route or a step, as it stands in a line of its own. */
  private static final Pattern ID =
      Pattern.compile("\\s*(?:- )*id: [\"']?([\\w.-]{1,200})[\"']?\\s*");

  private final Reloading reloading;
  private final LastFindings findings;

  RunningFiles(Reloading reloading, LastFindings findings) {
    this.reloading = reloading;
    this.findings = findings;
  }

  /** All of them, by path; none where routes are not loaded from a whole folder. */
  public List<File> all() {
    return reloading
        .running()
        .map(
            running -> {
              var disk = disk(running);
              var paths = new TreeSet<>(running.paths());
              paths.addAll(disk.paths());
              return paths.stream()
                  .filter(path -> SHOWN.matcher(path).matches())
                  .map(path -> file(path, running, disk))
                  .toList();
            })
        .orElse(List.of());
  }

  /** One of them with its text; nothing if there is none of that path, or it is no text. */
  public Optional<Shown> find(String path) {
    return reloading
        .running()
        .flatMap(
            running -> {
              var disk = disk(running);
              var loaded = running.text(path);
              var onDisk = disk.text(path);
              return loaded
                  .or(() -> onDisk)
                  .map(
                      text ->
                          new Shown(
                              file(path, running, disk),
                              text,
                              loaded.isPresent() && onDisk.isPresent() && !loaded.equals(onDisk)
                                  ? Difference.of(loaded.get(), onDisk.get())
                                  : null));
            });
  }

  /** What was found when the routes that run were loaded. */
  public List<Mistake> mistakes() {
    return findings.get().mistakes();
  }

  /** Where each route and step that runs is called so: the first place of each id. */
  public Map<String, Where> places() {
    var places = new TreeMap<String, Where>();
    reloading
        .running()
        .ifPresent(
            running -> {
              for (var path : running.paths()) {
                if (path.endsWith(".camel.yaml")) {
                  addPlaces(places, path, running.text(path).orElse(""));
                }
              }
            });
    return places;
  }

  /** A line of a file, from 1. */
  public record Where(String file, int line) {}

  private static void addPlaces(Map<String, Where> places, String path, String text) {
    var line = 0;
    for (var each : (Iterable<String>) text.lines()::iterator) {
      line++;
      var id = ID.matcher(each);
      if (id.matches()) {
        places.putIfAbsent(id.group(1), new Where(path, line));
      }
    }
  }

  /** What is on the disk now; nothing, where the folder is gone or cannot be read. */
  private static RouteSet disk(RouteSet running) {
    try {
      return RouteSet.read(running.root());
    } catch (UncheckedIOException e) {
      return running.without(path -> true);
    }
  }

  private File file(String path, RouteSet running, RouteSet disk) {
    var standing = standing(path, running, disk);
    var set = standing == Standing.NEW || standing == Standing.LEFT_OUT ? disk : running;
    return new File(
        path,
        (int) set.text(path).orElse("").lines().count(),
        standing,
        findings.get().mistakes().stream().filter(m -> m.place().file().equals(path)).toList());
  }

  private Standing standing(String path, RouteSet running, RouteSet disk) {
    if (!running.holds(path)) {
      return findings.get().leavesOut(path) ? Standing.LEFT_OUT : Standing.NEW;
    }
    if (!disk.holds(path)) {
      return Standing.GONE;
    }
    return running.isSame(path, disk) ? Standing.SAME : Standing.CHANGED;
  }
}
