package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The keys that a proof may have been made with: at least one, the newest first.
 *
 * <p>A key is the UTF-8 of the text that the provider displays; nothing is decoded unless {@link
 * #decoded} is asked to. Immutable.
 */
public final class Keys {

  /** What {@link #indexOf} gives when no key fits. */
  static final int NONE = -1;

  private final List<byte[]> newestFirst;

  private Keys(List<byte[]> newestFirst) {
    this.newestFirst = newestFirst;
  }

  /**
   * @throws IllegalArgumentException if there is no key, or an empty one: it would prove anything
   */
  public static Keys of(List<String> newestFirst) {
    if (newestFirst.isEmpty() || newestFirst.contains("")) {
      throw new IllegalArgumentException(
          "Expected at least one key and no empty one, got " + newestFirst.size() + " keys");
    }
    return new Keys(newestFirst.stream().map(key -> key.getBytes(UTF_8)).toList());
  }

  public static Keys of(String... newestFirst) {
    return of(List.of(newestFirst));
  }

  /**
   * The place of the newest key that fits, or {@link #NONE}. Tries every key even after one has
   * fitted, so that the time taken does not tell which it was.
   */
  int indexOf(Predicate<byte[]> fits) {
    return indexOf(newestFirst, fits);
  }

  /** The same of what a proof {@link #read} of each key. */
  static <T> int indexOf(List<T> readings, Predicate<T> fits) {
    var found = NONE;
    for (var index = readings.size() - 1; index >= 0; index--) {
      if (fits.test(readings.get(index))) {
        found = index;
      }
    }
    return found;
  }

  /** What a proof makes of each key, in their order. */
  <T> List<T> read(Function<byte[], T> reading) {
    return newestFirst.stream().map(reading).toList();
  }

  /** Keys whose bytes are made of these, in their order. */
  private Keys each(UnaryOperator<byte[]> reading) {
    return new Keys(newestFirst.stream().map(reading).toList());
  }

  /**
   * The keys that these are written in, by the names that a route uses: {@code text} for these
   * themselves, {@code hex} or {@code base64}.
   *
   * @throws MalformedKeyException if one of them is not written so
   */
  public Keys decoded(String encoding) {
    return switch (encoding) {
      case "text" -> this;
      case "hex" -> each(key -> decode(key, "hex", HexFormat.of()::parseHex));
      case "base64" -> each(key -> decode(key, "Base64", Base64.getDecoder()::decode));
      default ->
          throw new IllegalArgumentException(
              "Expected keyEncoding to be text, hex or base64, got \"" + encoding + "\"");
    };
  }

  private static byte[] decode(byte[] key, String encoding, Function<String, byte[]> decoder) {
    try {
      var decoded = decoder.apply(new String(key, UTF_8));
      if (decoded.length > 0) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // Its words quote the key.
    }
    throw new MalformedKeyException("is not written in " + encoding);
  }

  /** What an operator calls the key at {@code index}. */
  String nameOf(int index) {
    return switch (index) {
      case 0 -> "current secret";
      case 1 -> "previous secret";
      default -> "secret " + (index + 1) + " of " + newestFirst.size();
    };
  }

  /** What an operator calls each of them. */
  List<String> names() {
    return IntStream.range(0, newestFirst.size()).mapToObj(this::nameOf).toList();
  }

  int size() {
    return newestFirst.size();
  }

  /** How many there are; never what they are. */
  @Override
  public String toString() {
    return "Keys[" + newestFirst.size() + ", not shown]";
  }
}
