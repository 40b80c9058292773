package io.surveygateway.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Reads what providers send as JSON: the bean {@code surveyJson} of their routes' {@code unmarshal}
 * step.
 *
 * <p>Reads bytes in UTF-8, with or without a byte order mark. Numbers keep all their digits,
 * however many; {@code 12.30} stays {@code 12.30}. Refused: anything after the first value, nesting
 * deeper than {@value #DEEPEST} levels, numbers over {@value #LONGEST_NUMBER} digits, names over
 * {@value #LONGEST_NAME} characters, and text that is no UTF-8. The largest body is the public
 * port's concern. Of two members with one name the last counts. Safe for use by many threads.
 */
@Configuration(value = "surveyJsonConfiguration", proxyBeanMethods = false)
public class SurveyJson {

  /** Name of the bean. */
  public static final String BEAN = "surveyJson";

  /** Levels of objects and arrays, the outermost one counted. */
  static final int DEEPEST = 100;

  private static final int LONGEST_NUMBER = 1000;

  /** Characters; where bytes are read, bytes of UTF-8, and six for what is beyond U+FFFF. */
  static final int LONGEST_NAME = 2000;

  private static final ObjectMapper MAPPER = build();

  /** The one that every route shares; leave its settings alone. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** By its name alone: whoever asks for any ObjectMapper gets the application's own. */
  @Bean(name = BEAN, defaultCandidate = false)
  ObjectMapper surveyJson() {
    return MAPPER;
  }

  private static ObjectMapper build() {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(LONGEST_NAME)
                    .build())
            // Names come from outside: keep them out of the process-wide table of strings.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }
}
