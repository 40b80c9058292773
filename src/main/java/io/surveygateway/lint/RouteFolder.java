package io.surveygateway.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files below {@code routes/}, and to which folder of a provider or destination each belongs.
 *
 * @param root the folder
 * @param name what the folder is called in reports
 * @param files all of them, by path; hidden ones are none, as for Camel
 * @param fixed what some of them hold, whatever the disk says
 */
record RouteFolder(Path root, String name, List<RouteFolder.Entry> files, FixedFiles fixed) {

  private static final int DEEPEST = 12;
  private static final int MOST_FILES = 20_000;
  private static final long LONGEST = 4 << 20;

  private static final Pattern PART = Pattern.compile("((?:providers|destinations)/[^/]+)/.*");

  /**
   * @param path from the folder, with slashes
   * @param part the provider's or destination's folder, such as {@code providers/acme}; empty for
   *     what all share
   */
  record Entry(Path file, String path, String part) {

    String fileName() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    boolean isSample() {
      return path.contains("/samples/");
    }

    boolean endsWith(String suffix) {
      return path.endsWith(suffix);
    }
  }

  /**
   * @throws UncheckedIOException if the folder cannot be read
   */
  static RouteFolder read(Path root, FixedFiles fixed) {
    try (var found = Files.walk(root, DEEPEST)) {
      var onDisk =
          found
              .filter(file -> !isHidden(root.relativize(file)))
              .filter(Files::isRegularFile)
              .limit(MOST_FILES)
              .map(file -> entry(root, file))
              .filter(file -> !fixed.decides().about(file.path()));
      var kept = fixed.contents().keySet().stream().map(path -> entry(root, root.resolve(path)));
      var files =
          Stream.concat(onDisk, kept)
              .sorted((one, other) -> one.path().compareTo(other.path()))
              .toList();
      return new RouteFolder(root, String.valueOf(root.getFileName()), files, fixed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(Path root, Path file) {
    var path = root.relativize(file).toString().replace('\\', '/');
    var part = PART.matcher(path);
    return new Entry(file, path, part.matches() ? part.group(1) : "");
  }

  private static boolean isHidden(Path relative) {
    for (var name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  Place place(Entry entry) {
    return Place.of(shown(entry.path()));
  }

  /** A path in the folder, as reports show it. */
  String shown(String path) {
    return name + "/" + path;
  }

  /** The part that a reported place belongs to. */
  String partOf(Place place) {
    var part = PART.matcher(place.file().substring(name.length() + 1) + "/");
    return part.matches() ? part.group(1) : "";
  }

  /** What stands in it; nothing if that is no text of a size that a person could have written. */
  Optional<String> text(Entry entry) {
    var content = fixed.contents().get(entry.path());
    try {
      if (content != null) {
        return Optional.of(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
      }
      return Files.size(entry.file()) > LONGEST
          ? Optional.empty()
          : Optional.of(Files.readString(entry.file(), StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a file is there, in the folder or elsewhere. */
  boolean has(Path file) {
    var from = root.toAbsolutePath().normalize();
    var absolute = file.toAbsolutePath().normalize();
    if (absolute.startsWith(from)) {
      var path = from.relativize(absolute).toString().replace('\\', '/');
      if (fixed.decides().about(path)) {
        return fixed.contents().containsKey(path);
      }
    }
    return Files.isRegularFile(file);
  }

  List<Entry> ending(String suffix) {
    return files.stream().filter(f -> !f.isSample() && f.endsWith(suffix)).toList();
  }
}
