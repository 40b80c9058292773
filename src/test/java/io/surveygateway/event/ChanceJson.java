package io.surveygateway.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** JSON made by chance, near the limits of what can be read; a seed always makes the same. */
final class ChanceJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

  /** One, two, three and four bytes in UTF-8; what has to be escaped; what cannot stand alone. */
  private static final List<String> LETTERS =
      List.of("n", "é", "€", "👍", "\"", "\\", "\t", "\u0001", "\0", "\uD83D");

  private final Random random;

  ChanceJson(long seed) {
    random = new Random(seed);
  }

  ObjectNode object() {
    var object = JSON.objectNode();
    for (var i = random.nextInt(4); i >= 0; i--) {
      object.set(name(), value());
    }
    return object;
  }

  private String name() {
    var bytes = random.nextInt(6) == 0 ? 1900 + random.nextInt(300) : random.nextInt(20);
    return text(bytes);
  }

  /** About that long in UTF-8, of one letter and its like. */
  private String text(int bytes) {
    var letter = LETTERS.get(random.nextInt(LETTERS.size()));
    var each = letter.equals("\0") || letter.equals("\uD83D") ? 3 : letter.getBytes(UTF_8).length;
    return letter.repeat(bytes / each);
  }

  private JsonNode value() {
    return switch (random.nextInt(12)) {
      case 0 -> nested(random.nextBoolean() ? 90 + random.nextInt(16) : random.nextInt(8));
      case 1 -> JSON.textNode(text(random.nextInt(20) == 0 ? 4_500_000 : 100));
      case 2 -> JSON.numberNode(new BigInteger(1 + random.nextInt(4000), random));
      case 3 ->
          JSON.numberNode(
              new BigDecimal(
                  new BigInteger(1 + random.nextInt(1000), random), random.nextInt(1000) - 500));
      case 4 -> JSON.numberNode(Double.longBitsToDouble(random.nextLong()));
      case 5 -> JSON.numberNode(Float.intBitsToFloat(random.nextInt()));
      case 6 -> JSON.nullNode();
      case 7 -> JSON.binaryNode(new byte[random.nextInt(20)]);
      case 8 -> JSON.booleanNode(random.nextBoolean());
      case 9 -> object();
      case 10 -> JSON.pojoNode(text(10));
      default -> JSON.numberNode(random.nextLong());
    };
  }

  private JsonNode nested(int levels) {
    JsonNode node = random.nextBoolean() ? JSON.arrayNode() : JSON.numberNode(1);
    for (var i = 0; i < levels; i++) {
      node = random.nextBoolean() ? JSON.arrayNode().add(node) : JSON.objectNode().set("in", node);
    }
    return node;
  }
}
