package io.surveygateway.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes a body of {@code application/x-www-form-urlencoded} apart, whatever is in it.
 *
 * <p>Fields stand between ampersands, a plus sign is a blank, and an escape that is none stays as
 * it is (WHATWG URL, "application/x-www-form-urlencoded parsing"). Changes no body.
 */
public final class FormFields {

  private static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

  /**
   * One field.
   *
   * @param value decoded bytes, UTF-8 as a rule
   */
  record Field(String name, byte[] value) {}

  /**
   * A stretch of the body between two ampersands; {@code equals} is its end where there is none.
   */
  private record Stretch(int start, int equals, int end) {

    byte[] name(byte[] body) {
      return decoded(body, start, equals);
    }

    byte[] value(byte[] body) {
      return equals == end ? new byte[0] : decoded(body, equals + 1, end);
    }
  }

  private FormFields() {}

  /** Whether a body of this content type is such a form. */
  public static boolean isForm(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    var semicolon = contentType.indexOf(';');
    var type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT).equals(CONTENT_TYPE);
  }

  /** Every field, in the order of the body, at most {@code most} and one more. */
  static List<Field> all(byte[] body, int most) {
    var fields = new ArrayList<Field>();
    for (var at = 0; at <= body.length && fields.size() <= most; ) {
      var stretch = stretchAt(body, at);
      if (stretch.end > stretch.start) {
        fields.add(new Field(new String(stretch.name(body), UTF_8), stretch.value(body)));
      }
      at = stretch.end + 1;
    }
    return fields;
  }

  /** The decoded values of all fields of that name, in the order of the body. */
  public static List<byte[]> values(byte[] body, String name) {
    var values = new ArrayList<byte[]>();
    for (var at = 0; at <= body.length; ) {
      var stretch = stretchAt(body, at);
      if (isNamed(stretch, body, name)) {
        values.add(stretch.value(body));
      }
      at = stretch.end + 1;
    }
    return values;
  }

  /** The body without the fields of that name, and every other byte as it is. */
  public static byte[] without(byte[] body, String name) {
    var rest = new ByteArrayOutputStream(body.length);
    var isFirst = true;
    for (var at = 0; at <= body.length; ) {
      var stretch = stretchAt(body, at);
      if (!isNamed(stretch, body, name)) {
        if (!isFirst) {
          rest.write('&');
        }
        isFirst = false;
        rest.write(body, stretch.start, stretch.end - stretch.start);
      }
      at = stretch.end + 1;
    }
    return rest.toByteArray();
  }

  private static Stretch stretchAt(byte[] body, int start) {
    var equals = -1;
    var end = start;
    while (end < body.length && body[end] != '&') {
      if (body[end] == '=' && equals < 0) {
        equals = end;
      }
      end++;
    }
    return new Stretch(start, equals < 0 ? end : equals, end);
  }

  private static boolean isNamed(Stretch stretch, byte[] body, String name) {
    return stretch.end > stretch.start && new String(stretch.name(body), UTF_8).equals(name);
  }

  private static byte[] decoded(byte[] body, int start, int end) {
    var decoded = new ByteArrayOutputStream(end - start);
    for (var at = start; at < end; at++) {
      var high = body[at] == '%' && at + 2 < end ? hex(body[at + 1]) : -1;
      var low = high < 0 ? -1 : hex(body[at + 2]);
      if (low >= 0) {
        decoded.write(high << 4 | low);
        at += 2;
      } else {
        decoded.write(body[at] == '+' ? ' ' : body[at]);
      }
    }
    return decoded.toByteArray();
  }

  /** {@link Character#digit} would take digits of other scripts too, of ASCII it takes the same. */
  private static int hex(byte letter) {
    return letter < 0 ? -1 : Character.digit(letter, 16);
  }
}
