package io.surveygateway.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What any layout and any text become. */
class BlockKitTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A {@code &} that begins no entity, or a {@code <} that is not closed. */
  private static final Pattern BROKEN = Pattern.compile("&(?!(amp|lt|gt);)|<[^>]*$");

  /** Whole pieces that a cut may stand between. */
  private static final String[] PIECES = {
    "a",
    " ",
    "é",
    "中",
    "😀",
    "👩‍👩‍👧",
    "&amp;",
    "&lt;",
    "&gt;",
    "\n",
    "<https://x.example/?a=1&amp;b=2|here>"
  };

  @Test
  void cutsBetweenCharactersEntitiesAndLinks() {
    var random = new Random(7);
    for (var round = 0; round < 20_000; round++) {
      var text = text(random, random.nextInt(60));
      var longest = 2 + random.nextInt(80);

      var cut = BlockKit.cut(text, longest);

      assertThat(cut.length()).isLessThanOrEqualTo(Math.max(longest, text.isEmpty() ? 0 : 1));
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(cut)).as(cut).isTrue();
      assertThat(BROKEN.matcher(cut).find()).as(cut).isFalse();
      if (text.length() <= longest) {
        assertThat(cut).isEqualTo(text);
      } else {
        assertThat(cut).endsWith("…");
        assertThat(text).startsWith(cut.substring(0, cut.length() - 1));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "abcdef, 6, abcdef",
    "abcdefg, 6, abcde…",
    "abcd😀fg, 6, abcd…",
    "ab&amp;cd, 6, ab…",
    "ab&amp;cd, 8, ab&amp;…",
    "a<b|c>de, 6, a…",
    "AT&T rules, 6, AT&T …",
  })
  void cutsHere(String text, int longest, String expected) {
    assertThat(BlockKit.cut(text, longest)).isEqualTo(expected);
  }

  @Test
  void keepsEveryLimitWhateverIsLaidOut() {
    var random = new Random(11);
    for (var round = 0; round < 300; round++) {
      var layout = layout(random);

      var message = BlockKit.fit(layout);

      assertThat(message.path("text").asText().length()).isLessThanOrEqualTo(3000);
      assertThat(message.path("blocks").size()).isLessThanOrEqualTo(50);
      assertThat(message.path("blocks").toString().length()).isLessThanOrEqualTo(13_000);
      for (var block : message.path("blocks")) {
        switch (block.path("type").asText()) {
          case "header" -> assertText(block.path("text"), 150);
          case "section" -> {
            assertThat(block.has("text") || block.has("fields")).isTrue();
            if (block.has("text")) {
              assertText(block.path("text"), 3000);
            }
            assertThat(block.path("fields").size()).isLessThanOrEqualTo(10);
            block.path("fields").forEach(field -> assertText(field, 2000));
          }
          default -> {
            assertThat(block.path("elements").size()).isBetween(1, 10);
            block.path("elements").forEach(element -> assertText(element, 2000));
          }
        }
      }
    }
  }

  private static void assertText(JsonNode object, int longest) {
    var text = object.path("text").asText();
    assertThat(text).isNotBlank();
    assertThat(text.length()).isLessThanOrEqualTo(longest);
    assertThat(BROKEN.matcher(text).find()).as(text).isFalse();
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
  }

  @Test
  void cutsOnlyTheLongestTextsToMakeTheWholeFit() throws Exception {
    var layout = message("[]");
    section(layout, "short");
    for (var i = 0; i < 6; i++) {
      section(layout, "x".repeat(2900));
    }

    var blocks = BlockKit.fit(layout).path("blocks");

    assertThat(blocks).hasSize(7);
    assertThat(blocks.get(0).path("text").path("text").asText()).isEqualTo("short");
    assertThat(blocks.get(1)).isEqualTo(blocks.get(6));
    assertThat(blocks.toString().length()).isBetween(12_900, 13_000);
  }

  @Test
  void leavesOutWhatIsEmpty() throws Exception {
    var layout =
        message(
            """
            [{"type":"section","text":{"type":"mrkdwn","text":" "}},
             {"type":"section","fields":[]},
             {"type":"section","text":{"type":"mrkdwn","text":""},
              "fields":[{"type":"mrkdwn","text":""},{"type":"mrkdwn","text":"kept"}]},
             {"type":"context","elements":[{"type":"mrkdwn","text":"\\n"}]},
             {"type":"divider"}]
            """);

    assertThat(BlockKit.fit(layout).path("blocks"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"type":"section","fields":[{"type":"mrkdwn","text":"kept","verbatim":true}]},
                 {"type":"divider"}]
                """));
  }

  @Test
  void letsALayoutTurnAutomaticLinksOn() throws Exception {
    var layout =
        message(
            "[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"x\",\"verbatim\":false}}]");

    assertThat(BlockKit.fit(layout).at("/blocks/0/text/verbatim").asBoolean(true)).isFalse();
  }

  @Test
  void changesNothingOfTheLayoutItself() throws Exception {
    var layout = message("[]");
    section(layout, "x".repeat(4000));
    var before = layout.deepCopy();

    BlockKit.fit(layout);

    assertThat(layout).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "NULL",
      value = {
        "NULL; an object, and got nothing",
        "[]; an object, and got array",
        "5; an object, and got number",
        "{}; text that is not blank in .text, and got nothing",
        "{\"text\": \" \", \"blocks\": []}; text that is not blank in .text, and got string",
        "{\"text\": \"x\"}; an array in .blocks, and got nothing",
        "{\"text\": \"x\", \"blocks\": [\"secret\"]};"
            + " objects with a type in .blocks, and got string",
        "{\"text\": \"x\", \"blocks\": [{\"type\": \"header\", \"text\": \"secret\"}]};"
            + " text objects {type, text} in a block, and got string",
        "{\"text\": \"x\", \"blocks\": [{\"type\": \"context\"}]};"
            + " an array of text objects in a block, and got nothing",
      })
  void saysWhatIsWrongWithALayout(@Nullable String layout, String words) throws Exception {
    var node = layout == null ? null : JSON.readTree(layout);

    assertThatThrownBy(() -> BlockKit.fit(node))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown ->
                assertThat(thrown.failure())
                    .isEqualTo(
                        Failure.permanent(
                            "Expected slack.jq to give a message {text, blocks} with "
                                + words
                                + ": mend slack.jq, then retry")));
  }

  private static ObjectNode message(String blocks) throws Exception {
    var message = JsonNodeFactory.instance.objectNode().put("text", "x");
    message.set("blocks", JSON.readTree(blocks));
    return message;
  }

  private static void section(ObjectNode message, String text) {
    var section = message.withArray("blocks").addObject().put("type", "section");
    section.putObject("text").put("type", "mrkdwn").put("text", text);
  }

  private static ObjectNode layout(Random random) {
    var layout = JsonNodeFactory.instance.objectNode();
    layout.put("text", "x" + text(random, random.nextInt(3000)));
    var blocks = layout.putArray("blocks");
    for (var i = random.nextInt(70); i >= 0; i--) {
      var block = blocks.addObject();
      switch (random.nextInt(4)) {
        case 0 -> textObject(block.put("type", "header").putObject("text"), random, 300);
        case 1 -> textObject(block.put("type", "section").putObject("text"), random, 4000);
        case 2 -> {
          var fields = block.put("type", "section").putArray("fields");
          for (var j = random.nextInt(14); j >= 0; j--) {
            textObject(fields.addObject(), random, 100);
          }
        }
        default -> {
          var elements = block.put("type", "context").putArray("elements");
          for (var j = random.nextInt(14); j >= 0; j--) {
            textObject(elements.addObject(), random, 100);
          }
        }
      }
    }
    return layout;
  }

  private static void textObject(ObjectNode object, Random random, int pieces) {
    object.put("type", "mrkdwn").put("text", text(random, random.nextInt(pieces)));
  }

  private static String text(Random random, int pieces) {
    var text = new StringBuilder();
    for (var i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
