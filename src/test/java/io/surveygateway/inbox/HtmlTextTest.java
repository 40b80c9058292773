package io.surveygateway.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Plain                                | Plain
          Tea &amp; coffee                     | Tea & coffee
          &pound;5 &ndash; &euro;9             | £5 – €9
          Caf&eacute; &#8212; &#x2014;         | Café — —
          Like it &#128077; &#x1F44D;          | Like it 👍 👍
          It&apos;s, it&#39;s                  | It's, it's
          one&nbsp;two&#160;three              | one two three
          <p>How <strong>was</strong> it?</p>  | How was it?
          Line<br/>break<BR>here               | Line break here
          worth <b>£5</b>? It <i>is</i>n't     | worth £5? It isn't
          <ul><li>one</li><li>two</li></ul>    | one two
          3 < 5 and 7 > 2                      | 3 < 5 and 7 > 2
          &lt;b&gt; is a tag                   | <b> is a tag
          A&B Ltd & Co &unknown; &#xZZ;        | A&B Ltd & Co &unknown; &#xZZ;
          """)
  void readsWhatAPersonReads(String html, String text) {
    assertThat(HtmlText.textOf(html)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"&nbsp;", "' '", "<p></p>", "&nbsp;<br>&#160;"})
  void findsNothingToRead(String html) {
    assertThat(HtmlText.textOf(html)).isEmpty();
  }

  @Test
  void isAFunctionOfJq() throws Exception {
    var scope = Scope.newEmptyScope();
    scope.addFunction(HtmlText.BEAN, new HtmlText());
    var out = new ArrayList<com.fasterxml.jackson.databind.JsonNode>();

    JsonQuery.compile("[(.a, .b, .c, .d) | html_text]", Versions.JQ_1_7)
        .apply(
            scope,
            new ObjectMapper().readTree("{\"a\":\"x&amp;y\",\"b\":\"&nbsp;\",\"d\":5}"),
            out::add);

    assertThat(out).hasToString("[[\"x&y\",null,null,\"5\"]]");
  }
}
