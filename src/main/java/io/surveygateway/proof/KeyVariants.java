package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** What the other side may have made of a secret that was copied there: never shown to anyone. */
final class KeyVariants {

  private KeyVariants() {}

  /**
   * The key itself first, then each that differs.
   *
   * @param name what an operator calls it, such as {@code current secret}
   */
  static List<Varied> of(byte[] key, String name) {
    var variants = new ArrayList<Varied>();
    variants.add(new Varied("", key));
    var text = new String(key, UTF_8);
    var sender = "The sender signs with the " + name;
    add(variants, sender + " and a line end (LF) behind it.", () -> text + "\n");
    add(variants, sender + " and a line end (CRLF) behind it.", () -> text + "\r\n");
    add(variants, sender + " and a space behind it.", () -> text + " ");
    add(variants, sender + " and a space before it.", () -> " " + text);
    add(variants, sender + " in quotation marks.", () -> '"' + text + '"');
    if (text.startsWith(StandardWebhooks.SECRET)) {
      var rest = text.substring(StandardWebhooks.SECRET.length());
      add(variants, sender + " without its whsec_.", () -> rest);
      addBytes(
          variants, sender + ", its whsec_ left out and the rest decoded.", () -> base64(rest));
    }
    addBytes(variants, sender + " taken for hex and decoded.", () -> HexFormat.of().parseHex(text));
    addBytes(variants, sender + " taken for Base64 and decoded.", () -> base64(text));
    add(variants, sender + " written in hex.", () -> HexFormat.of().formatHex(key));
    add(variants, sender + " written in Base64.", () -> Base64.getEncoder().encodeToString(key));
    return List.copyOf(variants);
  }

  private static byte[] base64(String text) {
    return Base64.getDecoder().decode(text);
  }

  private static void add(List<Varied> variants, String words, Supplier<String> text) {
    addBytes(variants, words, () -> text.get().getBytes(UTF_8));
  }

  private static void addBytes(List<Varied> variants, String words, Supplier<byte[]> reading) {
    byte[] bytes;
    try {
      bytes = reading.get();
    } catch (IllegalArgumentException notWrittenSo) {
      return;
    }
    if (bytes.length > 0
        && variants.stream().noneMatch(known -> Arrays.equals(known.bytes(), bytes))) {
      variants.add(new Varied(words, bytes));
    }
  }
}
