package io.surveygateway.inbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlToJsonTest {

  private final XmlToJson xmlToJson = new XmlToJson();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<a/>                                    | {\"a\":{}}",
        "<a>x</a>                                | {\"a\":\"x\"}",
        "<a><b>1</b><c>x</c></a>                 | {\"a\":{\"b\":\"1\",\"c\":\"x\"}}",
        "<a><b> x y </b></a>                     | {\"a\":{\"b\":\"x y\"}}",
        "<a><b/><c></c><d> </d></a>              | {\"a\":{\"b\":null,\"c\":null,\"d\":null}}",
        "<a><b>1</b><b>2</b><c/><b><d>3</d></b></a>"
            + " | {\"a\":{\"b\":[\"1\",\"2\",{\"d\":\"3\"}],\"c\":null}}",
        "<a><b unit=\"s\">5</b></a>              | {\"a\":{\"b\":{\"unit\":\"s\",\"#text\":\"5\"}}}",
        "<a id=\"1\"><id>2</id></a>              | {\"a\":{\"id\":[\"1\",\"2\"]}}",
        "<a>x<b>y</b>z</a>                       | {\"a\":{\"b\":\"y\",\"#text\":\"xz\"}}",
        "<a><![CDATA[<b>&amp;]]> &lt;&#x1F44D;</a> | {\"a\":\"<b>&amp; <👍\"}",
        "<n:a xmlns:n=\"urn:x\"><n:b n:c=\"d\">e</n:b></n:a>"
            + " | {\"a\":{\"b\":{\"c\":\"d\",\"#text\":\"e\"}}}",
        "<a xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><b i:nil=\"true\" n=\"1\"/>"
            + "<c i:type=\"t\">1</c></a> | {\"a\":{\"b\":null,\"c\":\"1\"}}",
        "<a><!-- no --><?p i?><b>1</b></a><!-- no --> | {\"a\":{\"b\":\"1\"}}",
      })
  void makesMembersOfElements(String xml, String json) {
    assertThat(xmlToJson.read(xml.getBytes(UTF_8))).hasToString(json);
  }

  @Test
  void readsTheEncodingThatTheXmlNames() {
    var xml = "<?xml version=\"1.0\" encoding=\"%s\"?><a>Zoë</a>";

    assertThat(xmlToJson.read(xml.formatted("ISO-8859-1").getBytes(ISO_8859_1)))
        .hasToString("{\"a\":\"Zoë\"}");
    assertThat(xmlToJson.read(xml.formatted("UTF-16").getBytes(UTF_16)))
        .hasToString("{\"a\":\"Zoë\"}");
    assertThat(xmlToJson.read(("\uFEFF" + xml.formatted("UTF-8")).getBytes(UTF_8)))
        .hasToString("{\"a\":\"Zoë\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "{}",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>tail",
        "<a>&secret;</a>",
        "<a b='1' b='2'/>",
        "<a>\u0000</a>",
        "<a>&#0;</a>",
        "<secret:a/>",
        "\n<?xml version=\"1.0\"?><a/>",
        "<?xml version=\"1.0\" encoding=\"secret-8\"?><a/>",
      })
  void refusesWhatIsNotWellFormedAndSaysWhere(String xml) {
    assertThatThrownBy(() -> xmlToJson.read(xml.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            FailureException.class,
            refused -> assertThat(refused.failure().kind()).isEqualTo(Failure.Kind.PERMANENT))
        .hasMessageMatching(
            "Expected well-formed XML, and got something else( at line -?\\d+, column -?\\d+)?")
        .hasNoCause();
  }

  @Test
  void refusesBytesThatAreNotInTheEncoding() {
    assertThatThrownBy(() -> xmlToJson.read("<a>\u00e9</a>".getBytes(ISO_8859_1)))
        .isInstanceOf(FailureException.class)
        .hasMessageStartingWith("Expected well-formed XML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x \"secret\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://127.0.0.1:1/\"> %x;]><a/>",
        "<!DOCTYPE a [<!ENTITY l \"l\"><!ENTITY m \"&l;&l;&l;&l;&l;\"><!ENTITY n \"&m;&m;&m;\">]>"
            + "<a>&n;</a>",
      })
  void refusesADoctype(String xml) {
    assertThatThrownBy(() -> xmlToJson.read(xml.getBytes(UTF_8)))
        .isInstanceOf(FailureException.class)
        .hasMessage("Expected XML without a DOCTYPE, and there is one");
  }

  @Test
  void readsNoFileAndAsksNoServer(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("secret.txt"), "secret");
    try (var server = new ServerSocket(0)) {
      server.setSoTimeout(1);
      for (var address :
          new String[] {file.toUri().toString(), "http://127.0.0.1:" + server.getLocalPort()}) {
        for (var xml :
            new String[] {
              "<!DOCTYPE a SYSTEM \"%s\"><a/>",
              "<!DOCTYPE a [<!ENTITY x SYSTEM \"%s\">]><a>&x;</a>",
              "<a xmlns:i=\"http://www.w3.org/2001/XInclude\"><i:include href=\"%s\"/></a>",
              "<?xml-stylesheet href=\"%s\"?><a/>",
            }) {
          try {
            assertThat(xmlToJson.read(xml.formatted(address).getBytes(UTF_8)).toString())
                .doesNotContain("\"secret\"");
          } catch (FailureException refused) {
            assertThat(refused).hasMessage("Expected XML without a DOCTYPE, and there is one");
          }
        }
      }
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void refusesWhatIsNestedTooDeep() {
    assertThat(xmlToJson.read(nested(100))).isNotNull();
    assertThatThrownBy(() -> xmlToJson.read(nested(101)))
        .hasMessage("Expected XML that is nested at most 100 levels deep, and it is deeper");
    assertThatThrownBy(() -> xmlToJson.read(nested(1_000_000)))
        .isInstanceOf(FailureException.class);
  }

  @Test
  void refusesTooManyElementsAndAttributes() {
    assertThatThrownBy(
            () -> xmlToJson.read(("<a>" + "<b/>".repeat(200_000) + "</a>").getBytes(UTF_8)))
        .hasMessage("Expected XML with at most 200000 elements and attributes, and it has more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<a/>", "\uFEFF<a/>", " \r\n\t<a/>", "<?xml version=\"1.0\"?>"})
  void takesForXmlWhatBeginsWithAnAngle(String body) {
    assertThat(XmlToJson.startsAsXml(body.getBytes(UTF_8))).isTrue();
    assertThat(XmlToJson.startsAsXml(body.getBytes(UTF_16))).isTrue();
    assertThat(XmlToJson.startsAsXml(body.getBytes(UTF_16LE))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{\"a\": \"<a/>\"}", "[]", "\uFEFF{}", "\"<a/>\"", "x<"})
  void takesForXmlNothingElse(String body) {
    assertThat(XmlToJson.startsAsXml(body.getBytes(UTF_8))).isFalse();
  }

  private static byte[] nested(int levels) {
    return ("<a>".repeat(levels) + "</a>".repeat(levels)).getBytes(UTF_8);
  }
}
