package io.surveygateway.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an event's strings before they are laid out. */
class SlackTextTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "<!channel> ~ &lt;!channel&gt;",
        "<@U123> & <#C1|x> ~ &lt;@U123&gt; &amp; &lt;#C1|x&gt;",
        "<https://evil.example|bank> ~ &lt;https://evil.example|bank&gt;",
        "&lt;!here&gt; ~ &amp;lt;!here&amp;gt;",
        "*bold* _as typed_ ~ *bold* _as typed_",
      })
  void escapesWhatSlackWouldRead(String text, String expected) {
    assertThat(SlackText.escaped(text)).isEqualTo(expected);
  }

  @Test
  void escapesEveryStringAndNameWhereverItIs() throws Exception {
    var random = new Random(3);
    for (var round = 0; round < 500; round++) {
      var event = any(random, 0);

      var escaped = SlackText.escaped(event).toString();

      assertThat(escaped).doesNotContain("<", ">");
      assertThat(escaped.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&");
    }
  }

  @Test
  void leavesTheEventAsItIs() throws Exception {
    var event =
        JSON.readTree("{\"data\":{\"pageUrl\":\"javascript:x\",\"a\":[\"<b>\"],\"n\":1.50}}");
    var before = event.deepCopy();

    var escaped = SlackText.escaped(event);

    assertThat(event).isEqualTo(before);
    assertThat(escaped.at("/data/n")).isEqualTo(before.at("/data/n"));
  }

  @Test
  void takesOutWhatNobodySees() {
    assertThat(SlackText.escaped("a\u0000b\u202Ec\u2066d\u001b[0m\r\ne\rf\tg"))
        .isEqualTo("abcd[0m\ne\nf\tg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "https://x.example/a?b=1&c=2 ~ https://x.example/a?b=1&amp;c=2",
        "HTTP://X.example/ ~ HTTP://X.example/",
        "https://x.example/a|b<c>d ~ https://x.example/a%7Cb%3Cc%3Ed",
      })
  void keepsWebAddressesInAFormThatALinkCanHold(String address, String expected) {
    assertThat(SlackText.webAddress(address)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javascript:alert(1)",
        "!channel",
        "@U123",
        "mailto:a@b.c",
        "//x.example",
        "x.example",
        "",
        "https://",
        "https://a b",
        "data:text/html,x",
        "slack://open",
        "ftp://x.example",
        " "
      })
  void keepsNoOtherAddress(String address) throws Exception {
    assertThat(SlackText.webAddress(address)).isNull();
    var event = JSON.createObjectNode();
    var data = event.putObject("data").put("pageUrl", address);
    data.putObject("links").put("edit", address).put("analyze", "https://ok.example");

    assertThat(SlackText.escaped(event))
        .isEqualTo(JSON.readTree("{\"data\":{\"links\":{\"analyze\":\"https://ok.example\"}}}"));
  }

  private static JsonNode any(Random random, int depth) {
    var strings = new String[] {"<!here>", "a&b", "&amp;", ">", "plain", "<<&>>"};
    var string = strings[random.nextInt(strings.length)];
    return switch (depth > 4 ? 0 : random.nextInt(3)) {
      case 0 -> JSON.getNodeFactory().textNode(string);
      case 1 -> {
        var array = JSON.createArrayNode();
        for (var i = random.nextInt(4); i >= 0; i--) {
          array.add(any(random, depth + 1));
        }
        yield array;
      }
      default -> {
        var object = JSON.createObjectNode();
        for (var i = random.nextInt(4); i >= 0; i--) {
          object.set(string + i, any(random, depth + 1));
        }
        yield object;
      }
    };
  }
}
