package io.surveygateway.proof;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that one setting holds: comma-separated, the newest first, white space round each
 * left out.
 *
 * <p>A setting that holds nothing, or a placeholder that nothing filled in, gives no secret at all.
 * Immutable.
 */
public final class Secrets {

  /** What stays in a setting when nothing fills it in: Spring's and Camel's way of writing. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{.*}|\\{\\{.*}}", Pattern.DOTALL);

  private final List<String> newestFirst;
  private final @Nullable String lack;

  private Secrets(List<String> newestFirst, @Nullable String lack) {
    this.newestFirst = newestFirst;
    this.lack = lack;
  }

  public static Secrets of(@Nullable String setting) {
    if (setting == null) {
      return new Secrets(List.of(), "is not set");
    }
    var newestFirst =
        Arrays.stream(setting.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
    if (newestFirst.isEmpty()) {
      return new Secrets(List.of(), "is empty");
    }
    // One placeholder among secrets spoils them all: it says that the setting is not what it was
    // meant to be, and someone should look.
    if (PLACEHOLDER.matcher(setting).find() || newestFirst.stream().anyMatch(Secrets::inBraces)) {
      return unfilled();
    }
    return new Secrets(newestFirst, null);
  }

  /** No secret, for a setting whose placeholder could not be filled in. */
  public static Secrets unfilled() {
    return new Secrets(List.of(), "holds a placeholder that nothing fills in");
  }

  /** What the setting lacks, to go on from its name ({@code is empty}); nothing if all is well. */
  public Optional<String> lack() {
    return Optional.ofNullable(lack);
  }

  List<String> newestFirst() {
    return newestFirst;
  }

  private static boolean inBraces(String secret) {
    return secret.startsWith("{") && secret.endsWith("}");
  }

  /** How many there are, or what is lacking; never what they are. */
  @Override
  public String toString() {
    return lack == null
        ? "Secrets[" + newestFirst.size() + ", not shown]"
        : "Secrets[" + lack + "]";
  }
}
