package io.surveygateway.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.proof.JsonSpacing.Style;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body may have been when it was signed, before something on its way wrote it anew: proxies,
 * frameworks that parse and serialize, shells, editors, clipboards.
 */
final class BodyVariants {

  private static final String BOM = "\uFEFF";

  private final byte[] body;
  private final List<Varied> variants = new ArrayList<>();

  private BodyVariants(byte[] body) {
    this.body = body;
  }

  /** The body itself first, then each that differs from all before it. */
  static List<Varied> of(byte[] body) {
    var all = new BodyVariants(body);
    all.variants.add(new Varied("", body));
    var text = utf8(body);
    if (text != null) {
      all.lineEnds(text);
      all.ends(text);
      all.json(text);
      all.charset(text);
      all.form(text);
    }
    return List.copyOf(all.variants);
  }

  private void lineEnds(String text) {
    var lf = text.replace("\r\n", "\n");
    add("The body's line ends were changed: it was signed with LF.", lf);
    add("The body's line ends were changed: it was signed with CRLF.", lf.replace("\n", "\r\n"));
  }

  private void ends(String text) {
    var bare = text.replaceFirst("[\\r\\n]+\\z", "");
    add(
        "The body has a line end behind it that was not signed.",
        text.replaceFirst("\\r?\\n\\z", ""));
    add("The body has line ends behind it that were not signed.", bare);
    add("The body was signed with one line end (LF) behind it.", bare + "\n");
    add("The body was signed with one line end (CRLF) behind it.", bare + "\r\n");
    add("The body has white space round it that was not signed.", text.strip());
    add(
        text.startsWith(BOM)
            ? "The body begins with a byte order mark that was not signed."
            : "The body lacks the byte order mark that was signed before it.",
        text.startsWith(BOM) ? text.substring(1) : BOM + text);
    add("The body is missing: an empty one was signed.", "");
  }

  private void json(String text) {
    if (!JsonSpacing.isLikely(text)) {
      return;
    }
    for (var style : Style.values()) {
      add(
          "The body's JSON was written anew: it was signed " + style.words() + ".",
          JsonSpacing.as(style, text));
    }
    var compact = JsonSpacing.as(Style.COMPACT, text);
    for (var again : List.of(text, compact)) {
      add(
          "The body's JSON was written anew: it was signed with \\/ for slashes.",
          JsonSpacing.slashesEscaped(JsonSpacing.slashesPlain(again)));
      add(
          "The body's JSON was written anew: it was signed with plain slashes, not \\/.",
          JsonSpacing.slashesPlain(again));
      add(
          "The body's JSON was written anew: it was signed with \\u escapes for all but ASCII.",
          JsonSpacing.escaped(again));
      add(
          "The body's JSON was written anew: it was signed with letters, not \\u escapes.",
          JsonSpacing.unescaped(again));
      add(
          "The body's JSON was written anew: it was signed with \\/ for slashes and \\u escapes.",
          JsonSpacing.escaped(JsonSpacing.slashesEscaped(JsonSpacing.slashesPlain(again))));
    }
  }

  private void charset(String text) {
    add(
        "The body was taken for ISO 8859-1 and made UTF-8 on its way, a second time.",
        utf8(text.getBytes(ISO_8859_1)));
    add(
        "The body's bytes are UTF-8, and were signed as if they were ISO 8859-1.",
        new String(body, ISO_8859_1));
    if (ISO_8859_1.newEncoder().canEncode(text)) {
      add("The body was signed in ISO 8859-1, and came in UTF-8.", text.getBytes(ISO_8859_1));
    }
  }

  private void form(String text) {
    if (text.indexOf('=') > 0 && text.indexOf('{') < 0 && text.indexOf('<') < 0) {
      add("The form was written anew: it was signed with %20 for +.", text.replace("+", "%20"));
      add("The form was written anew: it was signed with + for %20.", text.replace("%20", "+"));
    }
  }

  private void add(String words, @Nullable String text) {
    if (text != null) {
      add(words, text.getBytes(UTF_8));
    }
  }

  private void add(String words, byte[] bytes) {
    if (variants.stream().noneMatch(known -> Arrays.equals(known.bytes(), bytes))) {
      variants.add(new Varied(words, bytes));
    }
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
