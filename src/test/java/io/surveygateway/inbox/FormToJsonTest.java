package io.surveygateway.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.util.Random;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormToJsonTest {

  private static final String URLENCODED = "application/x-www-form-urlencoded";
  private static final String MULTIPART = "multipart/form-data; boundary=xYz";

  private static String read(String body, String contentType) {
    return FormToJson.read(body.getBytes(UTF_8), contentType).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "a=1&b=2|{'a':'1','b':'2'}",
        "a=1&a=2&a=3|{'a':['1','2','3']}",
        "a=Tr%C3%A8s+bien+%F0%9F%91%8D%2B|{'a':'Très bien 👍+'}",
        "a|{'a':''}",
        "a=|{'a':''}",
        "=1|{'':'1'}",
        "a=b=c|{'a':'b=c'}",
        "&&a=1&&|{'a':'1'}",
        "a=%zz%4|{'a':'%zz%4'}",
        "a=%ff|{'a':'\uFFFD'}",
        "##|{}"
      })
  void readsAnUrlencodedForm(String body, String json) {
    assertThat(read(body, URLENCODED)).isEqualTo(json.replace('\'', '"'));
    assertThat(read(body, "Application/X-WWW-Form-Urlencoded ; charset=UTF-8"))
        .isEqualTo(json.replace('\'', '"'));
  }

  private static String part(String head, String content) {
    return "--xYz\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
  }

  @Test
  void readsAMultipartForm() {
    var body =
        part("name=\"formID\"", "2401")
            + part("name=\"rawRequest\"", "{\"q3\":\"Très bien 👍\"}")
            + part("name=\"tag\"", "a")
            + part("name=\"tag\"", "")
            + "--xYz--\r\n";

    assertThat(read(body, MULTIPART))
        .isEqualTo(
            """
            {"formID":"2401","rawRequest":"{\\"q3\\":\\"Très bien 👍\\"}","tag":["a",""]}""");
  }

  @Test
  void keepsOfAFileItsNameTypeAndSize() {
    var body =
        part("name=\"photo\"; filename=\"Käse.png\"\r\nContent-Type: image/png", "\0\1\r\n--xY")
            + "--xYz--\r\n";

    assertThat(read(body, MULTIPART))
        .isEqualTo(
            """
            {"photo":{"fileName":"Käse.png","contentType":"image/png","size":8}}""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--xYz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nsecret words",
        "--xYz\r\nContent-Disposition: form-data; name=\"a\""
      })
  void setsAsideAMultipartBodyThatIsNoneAndQuotesNothing(String body) {
    assertRefused(body, MULTIPART, "Expected multipart/form-data, and it stops being that");
  }

  @ParameterizedTest
  @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary=\"\""})
  void setsAsideAMultipartBodyWithoutABoundary(String contentType) {
    assertRefused(
        part("name=\"a\"", "1"),
        contentType,
        "Expected multipart/form-data, and it stops being that");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret words",
        "--xYz",
        "--xYz--\r\n",
        "--another\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nsecret\r\n--another--",
        "--xYz\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\nsecret\r\n--xYz--\r\n"
      })
  void setsAsideAMultipartBodyWithoutAField(String body) {
    assertRefused(
        body, MULTIPART, "Expected multipart/form-data, and no part with a name is in it");
  }

  @Test
  void setsAsideTooManyFields() {
    var reason = "Expected a form of at most 5000 fields, and it has more";

    assertThat(FormToJson.read("a=1&".repeat(5000).getBytes(UTF_8), URLENCODED).get("a"))
        .hasSize(5000);
    assertRefused("a=1&".repeat(5001), URLENCODED, reason);
    assertRefused(part("name=\"a\"", "1").repeat(5001) + "--xYz--\r\n", MULTIPART, reason);
  }

  @Test
  void setsAsideATextThatIsTooLarge() {
    var reason = "Expected texts of at most 4194304 bytes in a form, and one is longer";
    var large = "x".repeat((4 << 20) + 1);

    assertRefused("a=" + large, URLENCODED, reason);
    assertRefused(part("name=\"a\"", large) + "--xYz--\r\n", MULTIPART, reason);
  }

  @Test
  void setsAsideAHeadOfAPartThatIsTooLarge() {
    assertRefused(
        part("name=\"a\"\r\nX-Large: " + "x".repeat(5000), "1") + "--xYz--\r\n",
        MULTIPART,
        "Expected multipart/form-data, and it stops being that");
  }

  @Test
  void setsAsideAnotherContentType() {
    var reason = "Expected the Content-Type of a form, and the request had another one";

    assertRefused("a=1", "application/json", reason);
    assertRefused("a=1", null, reason);
  }

  @Test
  void readsWhateverComesOrSetsItAside() {
    var random = new Random(20_260_302);
    var parts =
        new String[] {
          "--xYz",
          "--",
          "\r\n",
          "\r",
          "Content-Disposition: form-data; name=\"",
          "\"",
          ";",
          "a",
          "filename=",
          "=",
          "%",
          "&",
          "\0",
          "é",
          "\r\n\r\n",
          "Content-Type: multipart/mixed",
          "boundary="
        };
    for (var count = 0; count < 20_000; count++) {
      var body = new StringBuilder();
      for (var n = random.nextInt(14); n > 0; n--) {
        body.append(parts[random.nextInt(parts.length)]);
      }
      try {
        assertThat(FormToJson.read(body.toString().getBytes(UTF_8), MULTIPART)).isNotNull();
      } catch (FailureException refused) {
        assertThat(refused.failure().kind()).isEqualTo(Failure.Kind.PERMANENT);
      }
      assertThat(FormToJson.read(body.toString().getBytes(UTF_8), URLENCODED)).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, true",
    "multipart/form-data; boundary=x, true",
    "application/json, false",
    "text/application/x-www-form-urlencoded, false",
    ", false"
  })
  void tellsAFormByItsContentType(String contentType, boolean isForm) {
    var exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.setProperty(InboxProperties.CONTENT_TYPE, contentType);

    assertThat(new FormToJson().isForm(exchange)).isEqualTo(isForm);
  }

  private static void assertRefused(String body, String contentType, String reason) {
    assertThatThrownBy(() -> read(body, contentType))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure()).isEqualTo(Failure.permanent(reason)));
  }
}
