package io.surveygateway.lint;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code camel.main.routes-include-pattern} says.
 *
 * <p>A whole folder, {@code file:routes/**}{@code /*.yaml}, is checked and can be loaded anew.
 * Single files, as tests name them, Camel loads as they are.
 */
public final class RoutesPattern {

  private static final Pattern WHOLE_FOLDER = Pattern.compile("file:([^*?,]+)/\\*\\*/\\*\\.yaml");

  private RoutesPattern() {}

  /** The folder, if it is a whole one. */
  public static Optional<Path> folder(@Nullable String includePattern) {
    var whole = WHOLE_FOLDER.matcher(String.valueOf(includePattern));
    return whole.matches() ? Optional.of(Path.of(whole.group(1))) : Optional.empty();
  }
}
