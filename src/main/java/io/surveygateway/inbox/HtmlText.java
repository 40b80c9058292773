package io.surveygateway.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/**
 * The jq function {@code html_text}: what a person reads of a piece of HTML, in plain characters.
 *
 * <p>For what a provider wrote as HTML, such as titles of questions and choices: tags go, entities
 * ({@code &amp;nbsp;}, {@code &amp;amp;}, {@code &amp;#128077;}) become their characters, and white
 * space becomes single blanks. What is blank then, or was null, is null. Never for what a
 * respondent typed: {@code a &lt; b} is what they meant to say. The result is text and not safe as
 * HTML.
 *
 * <p>Camel finds it as a bean by its jq name and number of arguments. Keeps no state: one instance
 * serves every thread.
 */
@Component(HtmlText.BEAN)
public final class HtmlText implements Function {

  /** Name of the bean, as camel-jq wants it: the function's name, and its number of arguments. */
  public static final String BEAN = "html_text/0";

  /** Only what starts as a tag does; "3 < 5" has none. */
  private static final Pattern TAG = Pattern.compile("<[/!?]?+[A-Za-z-][^<>]*+>");

  /** Where one tag ends a line, words must not run into each other. */
  private static final Pattern LINE_TAG =
      Pattern.compile(
          "</?+(?:br|p|div|li|[uo]l|h[1-6]|hr|t[rdh]|table)\\b[^<>]*+>", Pattern.CASE_INSENSITIVE);

  /** As Java's \s and \h together: the blanks of every language, no-break ones too. */
  private static final Pattern BLANKS = Pattern.compile("[\\s\\h]++");

  @Override
  public void apply(
      Scope scope,
      List<Expression> arguments,
      JsonNode in,
      Path path,
      PathOutput output,
      Version version)
      throws JsonQueryException {
    var text = in.isNull() || in.isMissingNode() ? "" : textOf(in.asText());
    output.emit(text.isEmpty() ? NullNode.getInstance() : TextNode.valueOf(text), null);
  }

  /** The text of a piece of HTML; empty if there is none to read. */
  static String textOf(String html) {
    // Tags first: a "&lt;b&gt;" that was written out is text, and stays.
    var untagged =
        html.indexOf('<') < 0
            ? html
            : TAG.matcher(LINE_TAG.matcher(html).replaceAll(" ")).replaceAll("");
    var decoded =
        untagged.indexOf('&') < 0
            ? untagged
            : HtmlUtils.htmlUnescape(untagged.replace("&apos;", "'"));
    return BLANKS.matcher(decoded).replaceAll(" ").strip();
  }
}
