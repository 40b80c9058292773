package io.surveygateway.reload;

import io.surveygateway.lint.FixedFiles;
import io.surveygateway.lint.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/**
 * What stands in {@code routes/} at one moment, as far as routes can be made of it.
 *
 * <p>Samples, texts for people, hidden files and what editors leave behind are no part of it. Two
 * of them are equal if all of their files are, byte by byte: dates of files say too little on some
 * disks. Immutable.
 */
final class RouteSet {

  private static final int DEEPEST = 12;
  private static final int MOST_FILES = 5_000;
  private static final long LARGEST = 4L << 20;
  private static final long MOST_BYTES = 64L << 20;

  private static final Pattern NO_PART =
      Pattern.compile("(?i)[.#].*|.*~|.*\\.(?:md|swp|swx|tmp|bak|orig)");

  private final Path root;
  private final SortedMap<String, byte[]> files;

  /** Files that no route is made of: of them it is known whether they changed, and no more. */
  private final Set<String> tooLarge;

  private RouteSet(Path root, SortedMap<String, byte[]> files, Set<String> tooLarge) {
    this.root = root;
    this.files = files;
    this.tooLarge = tooLarge;
  }

  /**
   * @throws UncheckedIOException if the folder cannot be read, just now or at all, or holds more
   *     than a person could have written
   */
  static RouteSet read(Path root) {
    var reader = new Reader(root);
    try {
      Files.walkFileTree(root, Set.of(), DEEPEST, reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RouteSet(root, reader.files, reader.tooLarge);
  }

  private static final class Reader extends SimpleFileVisitor<Path> {

    private final Path root;
    private final SortedMap<String, byte[]> files = new TreeMap<>();
    private final Set<String> tooLarge = new HashSet<>();
    private long bytes;

    Reader(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      var name = String.valueOf(folder.getFileName());
      return !folder.equals(root) && isFolderOut(name)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!Files.isRegularFile(file) || NO_PART.matcher(file.getFileName().toString()).matches()) {
        return FileVisitResult.CONTINUE;
      }
      var path = root.relativize(file).toString().replace('\\', '/');
      var isTooLarge = Files.size(file) > LARGEST;
      var content = isTooLarge ? stamp(file) : Files.readAllBytes(file);
      bytes += content.length;
      files.put(path, content);
      if (isTooLarge) {
        tooLarge.add(path);
      }
      if (files.size() > MOST_FILES || bytes > MOST_BYTES) {
        throw new IOException(
            "Expected %d files and %d MB at most in %s"
                .formatted(MOST_FILES, MOST_BYTES >> 20, root));
      }
      return FileVisitResult.CONTINUE;
    }

    private static byte[] stamp(Path file) throws IOException {
      return (Files.size(file) + " bytes of " + Files.getLastModifiedTime(file))
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  Path root() {
    return root;
  }

  /** For the lint, which looks at the other files of the folder too. */
  FixedFiles fixed() {
    var whole = new TreeMap<>(files);
    whole.keySet().removeAll(tooLarge);
    return new FixedFiles(path -> isPart(path) && !tooLarge.contains(path), whole);
  }

  /** Whether a file at this path from the folder would be a part of it. */
  private static boolean isPart(String path) {
    var names = path.split("/");
    for (var i = 0; i < names.length - 1; i++) {
      if (isFolderOut(names[i])) {
        return false;
      }
    }
    return !NO_PART.matcher(names[names.length - 1]).matches();
  }

  private static boolean isFolderOut(String name) {
    return name.startsWith(".") || name.equals("samples");
  }

  /** A file's path as reports show it: {@code routes/router.camel.yaml}. */
  private String shown(String path) {
    return root.getFileName() + "/" + path;
  }

  /**
   * Without the files that a test on their path in reports says yes to, such as {@code
   * routes/providers/acme/acme.jq}.
   */
  RouteSet without(Predicate<String> isLeftOut) {
    var left = new TreeMap<>(files);
    left.keySet().removeIf(path -> isLeftOut.test(shown(path)));
    return new RouteSet(root, left, tooLarge);
  }

  /** Whether a file of that folder is in it; {@code routes/providers/acme}. */
  boolean holdsFolder(String folder) {
    return files.keySet().stream().anyMatch(path -> shown(path).startsWith(folder + "/"));
  }

  /** Paths, as reports show them, of the files that are there in one of both, or differ. */
  List<String> changesSince(RouteSet before) {
    var paths = new TreeSet<>(files.keySet());
    paths.addAll(before.files.keySet());
    return paths.stream()
        .filter(path -> !Arrays.equals(files.get(path), before.files.get(path)))
        .map(this::shown)
        .toList();
  }

  /**
   * The files that Camel loads routes and kamelets from, with the places that it knows; kamelets
   * first, since routes are made of them.
   */
  Collection<Resource> toLoad() {
    return files.entrySet().stream()
        .filter(file -> isYaml(file.getKey()))
        .sorted(Comparator.comparing(file -> !file.getKey().startsWith("kamelets/")))
        .map(
            file ->
                ResourceHelper.fromBytes("file:" + root.resolve(file.getKey()), file.getValue()))
        .collect(Collectors.toList());
  }

  /** What a file holds, if it is one of them; a path as the gateway's folder or the disk has it. */
  Optional<byte[]> content(Path file) {
    var absolute = file.toAbsolutePath().normalize();
    var from = root.toAbsolutePath().normalize();
    if (!absolute.startsWith(from)) {
      return Optional.empty();
    }
    var path = from.relativize(absolute).toString().replace('\\', '/');
    return tooLarge.contains(path) ? Optional.empty() : Optional.ofNullable(files.get(path));
  }

  /** Paths of all files, as reports show them, in order. */
  List<String> paths() {
    return files.keySet().stream().map(this::shown).toList();
  }

  /**
   * What a file holds, read as UTF-8; nothing if it is too large for that, or there is none.
   *
   * @param shown its path, as reports show it
   */
  Optional<String> text(String shown) {
    var path = path(shown);
    var content = tooLarge.contains(path) ? null : files.get(path);
    return Optional.ofNullable(content).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Whether a file is the same in both, byte by byte; by its path, as reports show it. */
  boolean isSame(String shown, RouteSet other) {
    return Arrays.equals(files.get(path(shown)), other.files.get(path(shown)));
  }

  /** Whether a file is in it; by its path, as reports show it. */
  boolean holds(String shown) {
    return files.containsKey(path(shown));
  }

  /** The path from the folder; empty, which none has, where it is of another one. */
  private String path(String shown) {
    var prefix = shown("");
    return shown.startsWith(prefix) ? shown.substring(prefix.length()) : "";
  }

  /** Where a route says that it is called so. */
  Optional<Place> placeOf(String routeId) {
    var id = Pattern.compile(" {2,4}id: [\"']?" + Pattern.quote(routeId) + "[\"']?\\s*");
    for (var file : files.entrySet()) {
      if (isYaml(file.getKey())) {
        var lines = new String(file.getValue(), StandardCharsets.UTF_8).lines().toList();
        for (var i = 0; i < lines.size(); i++) {
          if (id.matcher(lines.get(i)).matches()) {
            return Optional.of(new Place(shown(file.getKey()), i + 1, 0));
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean isYaml(String path) {
    return path.endsWith(".yaml") && !tooLarge.contains(path);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RouteSet set
        && root.equals(set.root)
        && files.keySet().equals(set.files.keySet())
        && changesSince(set).isEmpty();
  }

  @Override
  public int hashCode() {
    return Objects.hash(root, files.keySet());
  }
}
