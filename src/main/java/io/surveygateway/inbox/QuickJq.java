package io.surveygateway.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.NullNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.functions._MatchImplFunction;
import net.thisptr.jackson.jq.internal.misc.JsonNodeUtils;
import net.thisptr.jackson.jq.internal.misc.OnigUtils;
import org.joni.Option;
import org.joni.Regex;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Some of jq's own functions, to the same effect and in less time: jackson-jq has most of them as
 * jq, each call of which makes scopes and looks up names, and compiles a pattern at each use.
 *
 * <p>Camel finds each as a bean by its jq name and number of arguments. For many threads.
 */
@Configuration(proxyBeanMethods = false)
public class QuickJq {

  /** Patterns stand in jq files, mostly; one that is made of data must not fill the memory. */
  private static final int MOST_PATTERNS = 256;

  /** All of them, by the names of their beans. */
  public static Map<String, Function> functions() {
    var quick = new QuickJq();
    return Map.of(
        "select/1", quick.select(),
        "values/0", quick.values(),
        "objects/0", quick.objects(),
        "arrays/0", quick.arrays(),
        "strings/0", quick.strings(),
        "numbers/0", quick.numbers(),
        "test/1", quick.test(quick.matches()),
        "_match_impl/3", quick.matches());
  }

  @Bean("select/1")
  Function select() {
    return (scope, arguments, in, path, output, version) ->
        arguments
            .get(0)
            .apply(
                scope,
                in,
                wanted -> {
                  if (JsonNodeUtils.asBoolean(wanted)) {
                    output.emit(in, path);
                  }
                });
  }

  @Bean("values/0")
  Function values() {
    return (scope, arguments, in, path, output, version) -> {
      if (!in.isNull()) {
        output.emit(in, path);
      }
    };
  }

  @Bean("objects/0")
  Function objects() {
    return only(JsonNodeType.OBJECT);
  }

  @Bean("arrays/0")
  Function arrays() {
    return only(JsonNodeType.ARRAY);
  }

  @Bean("strings/0")
  Function strings() {
    return only(JsonNodeType.STRING);
  }

  @Bean("numbers/0")
  Function numbers() {
    return only(JsonNodeType.NUMBER);
  }

  private static Function only(JsonNodeType type) {
    return (scope, arguments, in, path, output, version) -> {
      if (in.getNodeType() == type) {
        output.emit(in, path);
      }
    };
  }

  /**
   * {@code test} of a pattern, or of a pattern with its flags in an array.
   *
   * @param matches as {@link #matches()} makes it
   */
  @Bean("test/1")
  Function test(@Qualifier("_match_impl/3") Function matches) {
    return (scope, arguments, in, path, output, version) ->
        arguments
            .get(0)
            .apply(
                scope,
                in,
                asked -> {
                  if (!asked.isTextual() && (!asked.isArray() || asked.isEmpty())) {
                    throw new JsonQueryException(
                        JsonNodeUtils.typeOf(asked) + " not a string or array");
                  }
                  var regex = asked.isTextual() ? asked : asked.get(0);
                  var flags = asked.path(1).isMissingNode() ? NullNode.instance : asked.get(1);
                  matches.apply(
                      scope,
                      List.of(value(regex), value(flags), value(BooleanNode.TRUE)),
                      in,
                      path,
                      output,
                      version);
                });
  }

  private static Expression value(JsonNode value) {
    return (scope, in, path, output, requirePath) -> output.emit(value, null);
  }

  /** What {@code test} and {@code match} stand on. */
  @Bean("_match_impl/3")
  Function matches() {
    var builtIn = new _MatchImplFunction();
    var patterns = new ConcurrentHashMap<String, Regex>();
    return (scope, arguments, in, path, output, version) -> {
      if (!in.isTextual()) {
        builtIn.apply(scope, arguments, in, path, output, version);
        return;
      }
      arguments
          .get(2)
          .apply(
              scope,
              in,
              test ->
                  arguments
                      .get(1)
                      .apply(
                          scope,
                          in,
                          flags -> {
                            if (test == BooleanNode.TRUE && flags.isNull()) {
                              arguments
                                  .get(0)
                                  .apply(
                                      scope,
                                      in,
                                      regex -> output.emit(isIn(patterns, regex, in), null));
                            } else {
                              builtIn.apply(scope, arguments, in, path, output, version);
                            }
                          }));
    };
  }

  private static BooleanNode isIn(Map<String, Regex> patterns, JsonNode regex, JsonNode text)
      throws JsonQueryException {
    if (!regex.isTextual()) {
      throw new JsonQueryException("Expected a pattern that is text, got " + regex.getNodeType());
    }
    var pattern = patterns.get(regex.textValue());
    if (pattern == null) {
      pattern = new OnigUtils.Pattern(regex.textValue(), null).regex;
      if (patterns.size() < MOST_PATTERNS) {
        patterns.put(regex.textValue(), pattern);
      }
    }
    var bytes = text.textValue().getBytes(StandardCharsets.UTF_8);
    return BooleanNode.valueOf(pattern.matcher(bytes).search(0, bytes.length, Option.NONE) >= 0);
  }
}
